"""Training on one's own pictures through gradio_client, on the real server."""

import zipfile

import pytest
from gradio_client import Client, handle_file
from helpers.making_pictures import coloured, encoded
from helpers.waiting import PATIENCE

from gan.models.storage import load_generator

API = "/train_pictures"


@pytest.fixture(scope="module")
def client(server):
    return Client(server.url, verbose=False)


@pytest.fixture
def files(tmp_path):
    """Two pictures, a zip of two more, one of them again, and a text."""
    for index in range(2):
        (tmp_path / f"{index}.png").write_bytes(encoded(coloured(index, 40, 32)))
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        for index in (1, 2):
            archive.writestr(f"{index}.png", encoded(coloured(index, 40, 32)))
    (tmp_path / "notes.png").write_bytes(b"text")
    return [handle_file(str(path)) for path in sorted(tmp_path.iterdir())]


def test_files_become_a_model(client, files, tmp_path):
    job = client.submit(files, 32, 1, "pad", "#000000", "quick", 2, 0, api_name=API)
    progress, archive = job.result(timeout=PATIENCE)
    assert progress["state"] == "finished"
    assert (progress["count"], progress["duplicates"]) == (3, 1)
    assert progress["reasons"] == {"not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture": 1}
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    generator = load_generator(str(folder))
    assert (generator.size, generator.channels) == (32, 1)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (0, [], "at least one file"),
        (1, 48, "size"),
        (2, 2, "channels"),
        (4, "white", "background"),
        (5, "adam", "method"),
        (6, 0, "seconds"),
        (8, "nope", "no model called"),
    ],
)
def test_bad_settings_are_told(client, files, place, value, words):
    arguments = [files[:2], 32, 1, "crop", "#ffffff", "quick", 2, 0, ""]
    arguments[place] = value
    with pytest.raises(Exception, match=words):
        client.predict(*arguments, api_name=API)


def test_files_that_are_no_pictures_are_told(client, files):
    with pytest.raises(Exception, match="Only 1 usable picture was found"):
        client.predict([files[0], files[3]], 32, 1, "crop", "#ffffff", "quick", 2, 0, api_name=API)


def test_a_set_of_another_is_no_data(client):
    with pytest.raises(Exception, match="no data called"):
        client.predict("own:" + "a" * 32, "quick", 2, 0, api_name="/train")
