"""Reading untrusted files and zips: entries, display names, limits and reasons."""

import os
import stat
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan.data import archives
from gan.data.archives import display_name, entries


def zipped(path, members: dict[str, bytes], method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def outcomes(*paths) -> dict[str, bytes | str]:
    """The content of each entry by its label, or the reason why there is none."""
    found = {}
    for entry in entries(paths):
        try:
            found[entry.name] = entry.read()
            assert len(found[entry.name]) <= entry.size
        except ValueError as error:
            found[entry.name] = str(error)
    return found


def patched(path, old: bytes, new: bytes, count: int = -1):
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, count))
    return path


def test_files_and_members_come_in_their_order(tmp_path):
    first, last = tmp_path / "b.png", tmp_path / "a.png"
    first.write_bytes(b"one")
    last.write_bytes(b"four")
    archive = zipped(tmp_path / "two.zip", {"deep/in/x.png": b"two", "a.png": b"three"})
    found = outcomes(first, archive, str(last))
    assert list(found.items()) == [
        ("b.png", b"one"), ("two.zip: deep/in/x.png", b"two"),
        ("two.zip: a.png", b"three"), ("a.png", b"four"),
    ]  # fmt: skip


def test_a_zip_is_recognised_by_its_content(tmp_path):
    archive = zipped(tmp_path / "photo.png", {"a": b"inside"})
    fake = tmp_path / "fake.zip"
    fake.write_bytes(b"not a zip at all")
    inner = zipped(tmp_path / "inner.zip", {"b": b"deeper"}).read_bytes()
    outer = zipped(tmp_path / "outer.zip", {"inner.zip": inner})
    assert outcomes(archive, fake, outer) == {
        "photo.png: a": b"inside",
        "fake.zip": b"not a zip at all",
        "outer.zip: inner.zip": inner,
    }


def test_files_that_operating_systems_add_are_ignored(tmp_path):
    members = {
        "a.png": b"a",
        "__MACOSX/._a.png": b"x",
        "._b": b"x",
        "c/.DS_Store": b"x",
        "Thumbs.db": b"x",
        "d/": b"",
    }
    assert outcomes(zipped(tmp_path / "mac.zip", members)) == {"mac.zip: a.png": b"a"}


def test_path_traversal_is_impossible(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    names = ["../../escaped.png", "/etc/absolute.png", "C:\\windows\\x.png", "..\\..\\y.png"]
    archive = zipped(home / "z.zip", dict.fromkeys(names, b"x"))
    before = sorted(tmp_path.rglob("*"))
    assert list(outcomes(archive)) == [
        "z.zip: escaped.png", "z.zip: etc/absolute.png", "z.zip: C:/windows/x.png", "z.zip: y.png",
    ]  # fmt: skip
    assert sorted(tmp_path.rglob("*")) == before


def test_symlinks_in_a_zip_are_not_followed(tmp_path):
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert outcomes(tmp_path / "z.zip") == {"z.zip: link.png": "a link, not a file"}


def test_encrypted_members_are_refused(tmp_path):
    archive = zipped(tmp_path / "z.zip", {"a.png": b"x"})
    patched(archive, b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0")
    assert outcomes(archive) == {"z.zip: a.png": "encrypted: pack it without a password"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unsupported_compression_is_refused(tmp_path, method):
    archive = zipped(tmp_path / "z.zip", {"a.png": bytes(9 * 10**6)}, method)
    assert outcomes(archive)["z.zip: a.png"].startswith("compressed by an unsupported method")


def test_zip_bombs_are_not_unpacked(tmp_path, monkeypatch):
    archive = zipped(tmp_path / "z.zip", {"zeros.bmp": bytes(20 * 10**6), "small.bmp": bytes(10**6)})
    assert archive.stat().st_size < 30_000
    bomb, drawing = entries([archive])
    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipFile, "open", lambda self, member: pytest.fail("unpacked"))
        with pytest.raises(
            ValueError, match=r"^compressed to less than 1/200 of its size, as no picture is$"
        ):
            bomb.read()
    # A blank drawing shrinks as much, and does no harm.
    assert (drawing.name, drawing.size) == ("z.zip: small.bmp", 10**6)
    assert outcomes(archive)["z.zip: small.bmp"] == bytes(10**6)


def test_no_member_is_longer_than_its_declared_size(tmp_path):
    archive = zipped(tmp_path / "z.zip", {"a.bmp": bytes(10**6)})
    patched(archive, struct.pack("<I", 10**6), struct.pack("<I", 1000))
    assert outcomes(archive) == {"z.zip: a.bmp": "damaged in its zip"}
    # Even with a checksum that fits what is read.
    checksums = [struct.pack("<I", zlib.crc32(bytes(count))) for count in (10**6, 1000)]
    patched(archive, *checksums)
    assert outcomes(archive) == {"z.zip: a.bmp": bytes(1000)}


def test_files_and_members_that_are_too_long_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 1000)
    noise = os.urandom(1001)
    single = tmp_path / "a.png"
    single.write_bytes(noise)
    archive = zipped(tmp_path / "z.zip", {"a.png": noise, "b.png": noise[:1000]})
    assert outcomes(single, archive) == {
        "a.png": "larger than 100 MB",
        "z.zip: a.png": "larger than 100 MB",
        "z.zip: b.png": noise[:1000],
    }


def test_a_zip_of_too_many_files_is_not_opened(tmp_path, monkeypatch):
    archive = zipped(tmp_path / "z.zip", {f"{index}.png": b"x" for index in range(20)})
    assert len(outcomes(archive)) == 20
    reason = {"z.zip": "a zip of more than 100,000 files"}
    with monkeypatch.context() as patch:
        patch.setattr(archives, "MAX_MEMBERS", 19)
        assert outcomes(archive) == reason
    # A list that is too long is not even read, whatever count the zip claims.
    monkeypatch.setattr(archives, "MAX_DIRECTORY_BYTES", 20 * 46)
    monkeypatch.setattr(zipfile, "ZipInfo", lambda *_: pytest.fail("read"))
    assert outcomes(archive) == reason


def test_damaged_zips_are_refused(tmp_path):
    whole = zipped(tmp_path / "z.zip", {"a.png": os.urandom(500), "b.png": b"fine"})
    content = whole.read_bytes()
    cut, empty = tmp_path / "cut.zip", zipped(tmp_path / "empty.zip", {})
    cut.write_bytes(content[: len(content) // 2])
    flipped = bytearray(content)
    flipped[200] ^= 255
    whole.write_bytes(flipped)
    assert outcomes(cut, empty, whole) == {
        "cut.zip": "a zip that is damaged or cut off",
        "empty.zip": "a zip without files",
        "z.zip: a.png": "damaged in its zip",
        "z.zip: b.png": b"fine",
    }


@settings(max_examples=100, deadline=None)
@given(st.integers(4, 330), st.binary(min_size=1, max_size=20))
def test_whatever_is_damaged_each_entry_is_read_or_has_a_reason(tmp_path_factory, at, noise):
    path = zipped(
        tmp_path_factory.mktemp("z") / "z.zip", {"a.png": b"x" * 99, "b/c.png": bytes(range(99))}
    )
    content = path.read_bytes()
    path.write_bytes(content[:at] + noise + content[at + len(noise) :])
    found = outcomes(path)
    assert found and all(name.startswith("z.zip") for name in found)


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    assert outcomes(
        tmp_path / "pipe", tmp_path / "folder", tmp_path / "gone.png", "nul\0.png", "x" * 300
    ) == {
        "pipe": "not a file",
        "folder": "a folder: choose the files in it, or pack it as a zip",
        "gone.png": "cannot be opened",
        "nul_.png": "cannot be opened",
        display_name("x" * 300): "cannot be opened",
    }


DISPLAY_NAMES = {
    "cats/1 (2).png": "cats/1 (2).png",
    "Ünïcode 猫.png": "Ünïcode 猫.png",
    "<img src=x onerror='alert(1)'>.png": "_img src=x onerror=_alert(1)__.png",
    "[a](b)`c`|&amp;.png": "_a_(b)_c___amp;.png",
    "line\nbreak\x1b[31m\u202egnp.exe": "line_break__31m_gnp.exe",
    "lone\udcff.png": "lone_.png",
    "a" * 100 + ".jpeg": "a" * 29 + "…" + "a" * 24 + ".jpeg",
    "../..": "without a name",
    "": "without a name",
}


@pytest.mark.parametrize("name", DISPLAY_NAMES)
def test_display_names_are_short_and_without_markup(name):
    assert display_name(name) == DISPLAY_NAMES[name]
    assert len(display_name(name)) <= archives.MAX_NAME_LENGTH
