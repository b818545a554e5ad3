"""The page's own modules: how they are served, what loads them, and what they share with Python."""

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo import web_constants
from demo.routes import web_files

PREFIX = web_files.PREFIX


@pytest.fixture(scope="module")
def client():
    return TestClient(Starlette(routes=web_files.routes()))


def served(client, path):
    return client.get(f"{PREFIX}/{web_files.digest()}/{path}")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("core/api.js", "text/javascript"),
        ("core/style.css", "text/css"),
        ("points/demo_ring.bin.gz", "application/gzip"),
    ],
)
def test_a_file_is_served_to_be_kept(client, path, kind):
    answer = served(client, path)
    assert answer.status_code == 200
    assert answer.content == (web_files.WEB / path).read_bytes()
    assert answer.headers["content-type"].split(";")[0] == kind
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_it_is_packed_for_who_can_unpack_it(client):
    path = f"{PREFIX}/{web_files.digest()}/core/api.js"
    packed, plain = (client.get(path, headers={"Accept-Encoding": way}) for way in ("gzip", "identity"))
    assert packed.content == plain.content
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.headers["vary"] == "Accept-Encoding"


def test_another_version_is_gone(client):
    answer = client.get(f"{PREFIX}/{'0' * 16}/core/api.js")
    assert answer.status_code == 410 and "reload" in answer.json()["error"]
    assert "cache-control" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["", "core", "core/none.js", "../theme.py", "%2e%2e/theme.py", "..%2ftheme.py", "/etc/passwd"],
)
def test_nothing_else_is_served(client, path):
    assert served(client, path).status_code in (404, 410)


def test_the_digest_is_of_names_and_contents(tmp_path, monkeypatch):
    def digest_of(files):
        monkeypatch.setattr(web_files, "files", lambda: files)
        return web_files.digest.__wrapped__()

    kinds = [
        {"a": b"1", "b": b"2"},
        {"a": b"1"},
        {"a": b"1", "b": b"3"},
        {"a": b"1", "c": b"2"},
        {"a": b"12"},
    ]
    digests = {digest_of(files) for files in kinds}
    assert len(digests) == len(kinds)
    assert all(re.fullmatch("[0-9a-f]{16}", digest) for digest in digests)


def test_a_loader_names_its_module_and_what_it_needs():
    code = web_files.js_on_load("walk/walk.js", "moved")
    assert '"walk/walk.js", "walk/view.js"' in code and '"moved"' in code
    # The first tab's modules are there already.
    assert "core/api.js" not in code
    with pytest.raises(ValueError, match="no module"):
        web_files.js_on_load("walk/none.js")


def test_the_head_fetches_the_first_tab_alone():
    head = web_files.head()
    assert "explore/explore.js" in head and "core/page.js" in head
    assert not re.search("/(walk|breed|find|train|compare|report|points)/", head)


def test_the_first_picture_needs_few_modules():
    assert len(web_files.first_modules()) <= 18
    later = {
        "core/glance.js",
        "core/terms.js",
        "export/export_panel.js",
        "uploads/upload.js",
        "explore/previews.js",
        "explore/latent_numbers.js",
    }
    assert later <= set(web_files.files()) and not later & set(web_files.first_modules())


def test_a_module_may_hold_several_components():
    assert "loaded.mountTabs(" in web_files.js_on_load("core/page.js#mountTabs", "go")
    assert "loaded.mount(" in web_files.js_on_load("walk/walk.js")


def test_every_module_that_is_imported_is_there():
    for name in web_files.files():
        if name.endswith(".js") and "/" in name:
            assert set(web_files.imported_modules(name)) <= set(web_files.files()), name


def test_constants_are_those_of_python():
    text = web_constants.FILE.read_text(encoding="utf-8")
    assert text == web_constants.module(), "run `make constants`"
