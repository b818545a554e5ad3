"""The process that trains: what it sends, and that a run's images are loaded once and kept once."""

import gc
import io

import pytest
import torch
from PIL import Image

from demo.workers import train
from gan.data.image_tensors import Images

SETTINGS = {"data": "glyphs", "limit": 100, "size": 32, "width": 4, "batch": 8, "steps": 2}


class Pipe:
    """In place of the server's end: keeps what is sent, and asks for nothing."""

    def __init__(self, look=lambda kind: None):
        self.sent, self.look = [], look

    def send(self, message):
        self.sent.append(message)
        self.look(message[0])

    def poll(self):
        return False


@pytest.fixture
def loads(monkeypatch):
    """How often the images were loaded."""
    loads, load = [], train.load_data

    def counted(config):
        loads.append(config)
        return load(config)

    # Both names, so that a second load by another way is counted as well.
    monkeypatch.setattr(train, "load_data", counted)
    monkeypatch.setattr("gan.training.loop.load_data", counted)
    return loads


def test_a_run_loads_its_images_once_and_shows_them(tmp_path, loads):
    pipe = Pipe()
    assert train._train(pipe, SETTINGS, str(tmp_path), False) == ("done", None)
    assert len(loads) == 1
    kinds = [kind for kind, _ in pipe.sent]
    assert kinds[0] == "real" and set(kinds[1:]) == {"snapshot"} and kinds.count("snapshot") >= 2


def test_one_copy_of_the_images_is_kept(tmp_path, loads):
    kept = []

    def look(kind):
        if kind == "snapshot":
            gc.collect()
            held = [each for each in gc.get_objects() if type(each) is Images]
            tensors = [each for each in gc.get_objects() if type(each) is torch.Tensor]
            large = [each for each in tensors if each.dtype == torch.uint8 and len(each.shape) == 4]
            kept.append((len(held), sorted(len(each) for each in large)))

    train._train(Pipe(look), SETTINGS, str(tmp_path), False)
    # 100 pictures: 10 are held out and seen as floats, 90 are trained on; 50 and 50 judge.
    assert kept and all(held == 0 and 100 not in sizes for held, sizes in kept), kept


def test_what_a_run_started_from_is_told(tmp_path, saved_generator):
    from gan.common.files import digest, read_json

    _, folder = saved_generator
    pipe = Pipe()
    settings = {"data": "glyphs", "limit": 100, "batch": 8, "steps": 2, "start_from": str(folder)}
    assert train._train(pipe, settings, str(tmp_path / "run"), False) == ("done", None)
    weights = digest(folder / "model.safetensors")
    assert ("settings", {"changes": {}, "start_weights": weights}) in pipe.sent
    assert read_json(tmp_path / "run" / "train.json")["start_weights"] == weights


def test_messages_about_a_start_do_not_say_where_it_lies(tmp_path):
    settings = SETTINGS | {"start_from": str(tmp_path / "hidden" / "weights")}
    kind, words = train._train(Pipe(), settings, str(tmp_path / "run"), False)
    assert kind == "failed" and "no model called 'weights'" in words and "hidden" not in words


def test_what_is_wrong_is_the_last_message(tmp_path):
    kind, words = train._train(Pipe(), SETTINGS | {"data": str(tmp_path)}, str(tmp_path / "run"), False)
    assert kind == "failed" and "at least 2 different ones are needed" in words


def test_messages_about_uploads_do_not_name_them(tmp_path, monkeypatch):
    def failing(config):
        raise ValueError(f"{config.data} has no labels.")

    monkeypatch.setattr(train, "load_data", failing)
    for data, named in (("own:" + "a" * 32, "the uploaded pictures"), ("glyphs", "glyphs")):
        last = train._train(Pipe(), SETTINGS | {"data": data}, str(tmp_path), False)
        assert last == ("failed", f"{named} has no labels.")


def test_larger_pictures_are_shown_as_previews(tmp_path):
    pipe, settings = Pipe(), SETTINGS | {"size": 128, "limit": 20, "steps": 1}
    assert train._train(pipe, settings, str(tmp_path), False) == ("done", None)
    sheets = [sent if kind == "real" else sent[1] for kind, sent in pipe.sent]
    # 20 real pictures are five in a row, 64 samples eight.
    assert [Image.open(io.BytesIO(sheet)).size for sheet in sheets] == [(320, 256)] + [(512, 512)] * (
        len(sheets) - 1
    )
