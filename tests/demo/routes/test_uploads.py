"""Handing files in, as a browser does it and as hostile hands do: one sentence, and no harm."""

import asyncio
import base64
import io
import pickle
import random
import struct
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from helpers.answers import refused
from helpers.making_pictures import coloured, encoded
from helpers.waiting import PATIENCE
from PIL import ExifTags, Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend.generators import GeneratorStore
from demo.backend.jobs.jobs import Jobs
from demo.backend.visitors.owners import Owners
from demo.backend.visitors.uploads import CLOSED_SECONDS, TOKEN_HEADER, Uploads
from demo.routes import uploads
from demo.routes.http import PREFIX
from demo.routes.jobs import JobRoutes
from demo.routes.uploads import UploadRoutes
from demo.workers import upload_format
from demo.workers.upload_format import HEADER, pack
from gan.data.load import load_images
from gan.data.sources import find_place


class Visitor:
    """A page of its own session."""

    def __init__(self, client, own, session):
        self.client, self.headers = client, {TOKEN_HEADER: own.issue_token(session)}

    def post(self, path, **options):
        return self.client.post(PREFIX + path, headers=self.headers, **options)

    def remove(self, name):
        return self.client.delete(f"{PREFIX}/own/{name}", headers=self.headers)

    def hand(self, files: dict[str, bytes], *more: dict[str, bytes]) -> str:
        name = self.post("/own").json()["id"]
        for some in (files, *more):
            answer = self.post(f"/own/{name}/files", content=pack(some))
            assert answer.status_code == 200, answer.text
        return name

    def work(self, path, **how) -> dict:
        """The result of a job, or what it said it failed by."""
        answer = self.post(path, json=how)
        assert answer.status_code == 200, answer.text
        until, told = time.monotonic() + PATIENCE, {"state": "queued"}
        while told["state"] in ("queued", "running") and time.monotonic() < until:
            told = self.client.get(f"{PREFIX}/jobs/{answer.json()['job']}").json()
        return told["latest"] if told["state"] == "done" else {"failed": told["message"]}

    def look(self, files: dict[str, bytes], **how) -> dict:
        return self.work(f"/own/{self.hand(files)}/pictures", **how)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """(client, own, folder that visitors may name)"""
    own, jobs, allowed = Uploads(), Jobs(), tmp_path_factory.mktemp("allowed")
    routes = [*UploadRoutes(own, jobs, (allowed,), Owners()).all(), *JobRoutes(jobs).all()]
    with TestClient(Starlette(routes=routes)) as client:
        yield client, own, allowed
    jobs.close()
    own.close()


@pytest.fixture
def me(house):
    return Visitor(house[0], house[1], "me")


@pytest.fixture
def you(house):
    return Visitor(house[0], house[1], "you")


def squares(result: dict, size: int) -> np.ndarray:
    sheet = Image.open(io.BytesIO(base64.b64decode(result["sheet"])))
    pixels = np.asarray(sheet)
    rows, columns = pixels.shape[0] // size, pixels.shape[1] // size
    return np.array(
        [
            pixels[y * size : (y + 1) * size, x * size : (x + 1) * size]
            for y in range(rows)
            for x in range(columns)
        ]
    )


def test_a_folder_becomes_squares_that_training_finds(house, me):
    _, own, _ = house
    files = {f"cats/{i}.png": encoded(coloured(i)) for i in range(3)}
    more = {"dogs/a.png": encoded(coloured(7)), "dogs/same.bmp": encoded(coloured(1), "BMP")}
    name = me.hand(files, more)
    result = me.work(f"/own/{name}/pictures", size=32, channels=3)
    assert (result["count"], result["duplicates"], result["few"]) == (4, 1, True)
    assert result["classes"] == ["cats", "dogs"]
    expected = [np.asarray(coloured(i)) for i in (0, 1, 2, 7)]
    assert np.array_equal(squares(result, 32)[:4], expected)
    images = load_images(f"own:{name}", 32, 3)
    assert np.array_equal(images.pixels.permute(0, 2, 3, 1), expected)
    assert images.labels.tolist() == [0, 0, 0, 1]
    assert own.count_pictures(f"own:{name}", 32, 3, "crop", "#ffffff") == 4
    assert len(load_images(f"own:{name}", 32, 3, limit=2)) == 2
    # What was not looked at so is not there.
    with pytest.raises(ValueError, match="Wait until"):
        own.count_pictures(f"own:{name}", 64, 3, "crop", "#ffffff")


def test_a_phone_s_picture_stands_upright_and_is_padded(me):
    turned = coloured(1, 64, 32)
    notes = turned.getexif()
    notes[ExifTags.Base.Orientation] = 6
    files = {"phone.png": encoded(turned, "PNG", exif=notes), "b.png": encoded(coloured(2))}
    result = me.look(files, fit="pad", background="#010203", size=64)
    upright = np.asarray(turned.transpose(Image.Transpose.ROTATE_270))
    shown = squares(result, 64)[0]
    assert (shown[:, :16] == (1, 2, 3)).all()
    assert np.array_equal(shown[:, 16:48], upright)


def test_a_zip_among_files_is_opened(me):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("b/1.jpg", encoded(coloured(1), "JPEG"))
        archive.writestr("../../out.png", encoded(coloured(2)))
    result = me.look({"a.png": encoded(coloured(0)), "z.zip": buffer.getvalue(), "c.txt": b"text"})
    assert result["count"] == 3
    assert result["left_out"] == [["c.txt", "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture"]]


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""
    content = bytearray(encoded(coloured(0)))
    content[16:24] = struct.pack(">II", 60_000, 60_000)
    content[29:33] = struct.pack(">I", __import__("zlib").crc32(content[12:29]))
    return bytes(content)


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def animation() -> bytes:
    frames = [Image.new("P", (50, 50), index) for index in range(200)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


def test_each_bad_file_has_its_reason_and_the_rest_is_used(house, me):
    whole = encoded(coloured(1))
    files = {
        "good.png": encoded(coloured(0)), "good.gif": animation(),
        "<img src=x onerror=alert(1)>.png": b"x",
        "../../../etc/passwd": b"root", "half.png": whole[:900], "empty.png": b"", "bomb.png": bomb(),
        "lies.jpg": b"MZ a program", "bomb.zip": zipped({"zeros.bmp": bytes(20 * 10**6)}),
        "zip.png": zipped({"in.zip": zipped({"a.png": whole})}),
        "cut.zip": zipped({"a.png": whole})[:-40],
    }  # fmt: skip
    result = me.look(files)
    assert result["count"] == 2
    text = "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture"
    assert dict(map(tuple, result["left_out"])) == {
        "_img src=x onerror=alert(1)_.png": text,
        "etc/passwd": text,
        "half.png": "damaged or cut off",
        "empty.png": "empty",
        "bomb.png": "more than 50 megapixels",
        "lies.jpg": text,
        "bomb.zip: zeros.bmp": "compressed to less than 1/200 of its size, as no picture is",
        "zip.png: in.zip": "a zip inside a zip, which is not opened",
        "cut.zip": "a zip that is damaged or cut off",
    }


def test_no_name_becomes_a_file(house, me):
    _, own, _ = house
    name = me.hand({"../../escaped.png": b"x", "/etc/absolute": b"x", "a/b/c": b"x", "": b"x"})
    folder = own.find(name, "me").folder
    assert [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*"))] == [
        "packs",
        "packs/00001.pack",
    ]


def test_too_few_pictures_are_told_why(me):
    result = me.look({"a.png": encoded(coloured(0)), "b.txt": b"no"})
    assert "Only 1 usable picture was found" in result["failed"]
    assert "1 × not a PNG" in result["failed"]
    assert "Nothing was uploaded" in me.work(f"/own/{me.post('/own').json()['id']}/pictures")["failed"]


def test_more_files_than_are_looked_at_are_told(me):
    tiny = HEADER.pack(1, 0) + b"x"
    name = me.post("/own").json()["id"]
    for _ in range(2):
        assert me.post(f"/own/{name}/files", content=tiny * 50_001).status_code == 200
    assert "more than 100,000 files" in me.work(f"/own/{name}/pictures")["failed"]


def test_a_limit_holds_for_what_comes_whatever_is_said_of_it(house, me, monkeypatch):
    _, own, _ = house
    monkeypatch.setattr("demo.backend.visitors.uploads.MAX_BYTES", 10_000)
    monkeypatch.setattr(uploads, "MAX_BYTES", 10_000)
    name = me.post("/own").json()["id"]
    mine = own.find(name, "me")
    assert "larger than" in refused(me.post(f"/own/{name}/files", content=bytes(10_001)))
    # Without a length, in parts.
    parts = (bytes(1000) for _ in range(11))
    assert "larger than" in refused(me.post(f"/own/{name}/files", content=parts))
    assert list(mine.packs.iterdir()) == []
    monkeypatch.setattr(uploads, "MAX_PACKS", mine.count)
    assert "upload them as a zip" in refused(me.post(f"/own/{name}/files", content=b"x"))


def test_an_upload_that_stalls_is_ended(house, me, monkeypatch):
    _, own, _ = house
    mine = own.create("me")
    monkeypatch.setattr(uploads, "SILENT_SECONDS", 0.05)

    class Stalled:
        async def stream(self):
            yield b"first"
            await asyncio.sleep(60)

    with pytest.raises(ValueError, match="too long"), (mine.packs / "x").open("wb") as file:
        # In a thread of its own: the browser's tests leave a loop running in this one.
        writing = UploadRoutes(own, Jobs(), (), Owners())._write(Stalled(), mine, file)
        ThreadPoolExecutor().submit(asyncio.run, writing).result()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        HEADER.pack(5, 10),
        HEADER.pack(2, 10**15) + b"ab",
        HEADER.pack(65535, 2**64 - 1),
        b"z" * 99,
    ],
    ids=["nothing", "short", "no content", "too much", "huge", "noise"],
)
def test_damaged_packs_are_told(me, body):
    name = me.post("/own").json()["id"]
    me.post(f"/own/{name}/files", content=body)
    failed = me.work(f"/own/{name}/pictures")["failed"]
    assert "cut off or damaged" in failed or "Nothing was uploaded" in failed


def test_random_packs_are_pieces_or_one_sentence(tmp_path):
    whole, rng = pack({"a.png": b"one", "b/ü.png": b"two"}), random.Random(0)
    for index in range(300):
        noisy = bytearray(whole)
        for _ in range(rng.randrange(1, 4)):
            noisy[rng.randrange(len(noisy))] = rng.randrange(256)
        (tmp_path / f"{index}").mkdir()
        (tmp_path / f"{index}" / "1.pack").write_bytes(noisy)
        try:
            assert all(
                piece.start + piece.size <= len(whole)
                for piece in upload_format.list_files(tmp_path / f"{index}")
            )
        except ValueError as error:
            assert str(error) == upload_format.DAMAGED


def test_another_session_gets_nothing(house, me, you):
    client, own, _ = house
    name = me.hand({"a.png": encoded(coloured(0)), "b.png": encoded(coloured(1))})
    for path in (f"/own/{name}/files", f"/own/{name}/pictures", f"/own/{name}/weights"):
        assert "no longer here" in refused(you.post(path, content=b"{}"))
        assert "reload" in refused(client.post(PREFIX + path, content=b"{}"))
        assert "reload" in refused(
            client.post(PREFIX + path, headers={TOKEN_HEADER: "x"}, content=b"{}")
        )
    assert "no longer here" in refused(you.remove(name))
    assert own.find(name, "me").folder.exists()
    # Nor by naming it as data, or the folder that it lies in.
    for source in (f"own:{name}", str(own.find(name, "me").folder)):
        refused(you.post("/data/look", json={"source": source}))
        with pytest.raises(ValueError):
            find_place(source, [])
    assert me.remove(name).status_code == 204
    assert "no longer here" in refused(me.remove(name))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"size": 48}, "size"), ({"size": "32"}, "size"), ({"channels": 2}, "channels"),
        ({"fit": "stretch"}, "fit"), ({"background": "red"}, "background"),
        ({"background": 3}, "background"),
        ({"files": "x"}, "setting"), ([1], "JSON object"),
    ],
    ids=str,
)  # fmt: skip
def test_unclear_choices_are_refused(me, how, words):
    name = me.post("/own").json()["id"]
    assert words in refused(me.post(f"/own/{name}/pictures", json=how))


def test_a_named_folder_is_looked_at_if_it_may_be(house, me, tmp_path):
    _, _, allowed = house
    for index in range(3):
        coloured(index, 64, 32).save(allowed / f"{index}.png")
    (allowed / "broken.png").write_bytes(b"x")
    result = me.work("/data/look", source=str(allowed), fit="pad", background="#ff0000")
    assert (result["count"], result["duplicates"]) == (3, 0)
    assert result["left_out"] == [
        ["broken.png", "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture"]
    ]
    assert (squares(result, 32)[0][0] == (255, 0, 0)).all()
    assert "may not be read" in refused(me.post("/data/look", json={"source": str(tmp_path)}))
    for wrong in (None, "", 7, "no-such-data", "x" * 501):
        refused(me.post("/data/look", json={"source": wrong}))
    assert "could not be reached" in me.work("/data/look", source="someone/pictures")["failed"]


def test_weights_become_a_model_and_a_pickle_never(house, me, saved_generator):
    _, own, _ = house
    _, folder = saved_generator
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    loose, packed_up = (
        me.hand(files),
        me.hand({"run.zip": zipped({f"x/{n}": c for n, c in files.items()})}),
    )
    generators = GeneratorStore(folder / "runs")
    try:
        for name in (loose, packed_up):
            assert me.work(f"/own/{name}/weights") == {"size": 32, "channels": 1, "z_dim": 8}
            z = torch.zeros(1, 8).numpy()
            assert generators.open(f"own:{name}").draw(z).result().shape == (1, 32, 32, 1)
        assert {each.id for each in own.models("me")} >= {loose, packed_up}
        assert own.models("you") == []
        own.remove(own.find(loose, "me"))
        with pytest.raises(ValueError, match="no longer here"):
            generators.open(f"own:{loose}")
    finally:
        generators.renderer.close()


class Evil:
    def __reduce__(self):
        return (print, ("it ran",))


def test_what_is_no_generator_is_told(me, saved_generator, tmp_path):
    _, folder = saved_generator
    config, weights = ((folder / name).read_bytes() for name in ("config.json", "model.safetensors"))
    torch.save({"a": torch.zeros(1)}, tmp_path / "new.pt")
    pickled = pickle.dumps(Evil())
    cases = [
        ({"model.pt": (tmp_path / "new.pt").read_bytes()}, "is a pickle"),
        ({"model.pkl": pickled}, "is a pickle"),
        ({"last.ckpt": b"anything"}, "is a pickle"),
        ({"config.json": config, "model.safetensors": pickled}, "is a pickle"),
        ({"model.safetensors": weights}, "There is no config.json among these files"),
        ({"config.json": config}, "There is no model.safetensors among"),
        ({"cat.png": encoded(coloured(0))}, "no config.json and no model.safetensors"),
        ({"config.json": config, "model.safetensors": weights[:-9]}, "not a whole safetensors file"),
        ({"config.json": b"{", "model.safetensors": weights}, "not valid JSON"),
        ({"config.json": b"[" * 1_000_001, "model.safetensors": weights}, "too long"),
        ({"config.json": b'{"size": 10000000}', "model.safetensors": weights}, "size"),
        ({"a/config.json": config, "b/config.json": config}, "more than one config.json"),
    ]
    for files, words in cases:
        sentence = me.work(f"/own/{me.hand(files)}/weights")["failed"]
        assert words in sentence and "\n" not in sentence, (words, sentence)
        assert "/tmp" not in sentence


def test_a_page_that_says_that_it_is_closed_takes_its_files_along(house):
    client, own, _ = house
    leaving, staying = Visitor(client, own, "leaving"), Visitor(client, own, "staying")
    mine, yours = leaving.post("/own").json()["id"], staying.post("/own").json()["id"]
    token = leaving.headers[TOKEN_HEADER]
    assert client.post(f"{PREFIX}/page/closed", content=token).status_code == 204
    own.sets[mine].closed_at -= CLOSED_SECONDS + 1
    own.clean()
    assert mine not in own.sets and own.sets[yours].closed_at is None
    for wrong in ("", "0" * 32, "é", "0" * 1000):
        assert "\n" not in refused(client.post(f"{PREFIX}/page/closed", content=wrong))


def test_an_upload_that_broke_off_does_not_count(house, me):
    _, own, _ = house
    name = me.post("/own").json()["id"]
    upload = own.sets[name]

    async def leave():
        """A client that sends a megabyte of two, and is gone."""
        parts = iter(
            [
                {"type": "http.request", "body": bytes(10**6), "more_body": True},
                {"type": "http.disconnect"},
            ]
        )

        async def receive():
            return next(parts)

        async def send(message):
            pass

        headers = [(key.encode(), value.encode()) for key, value in me.headers.items()]
        scope = {
            **{"type": "http", "method": "POST", "path": f"{PREFIX}/own/{name}/files"},
            **{"query_string": b"", "headers": headers, "path_params": {}},
        }
        await me.client.app(scope, receive, send)

    for _ in range(3):
        asyncio.run(leave())
    assert upload.bytes == 0 and not list(upload.packs.iterdir())
    me.post(f"/own/{name}/files", content=pack({"a.png": b"x" * 100}))
    assert 100 < upload.bytes < 200
