"""Recordings as files: round trip, damage, and that a model's are shown with its own weights alone."""

import pytest

from demo.backend import recordings
from demo.backend.runs.comparison import idle_payload as idle_comparison
from demo.backend.runs.payload import idle_payload
from gan.common.files import digest

SAID = {"date": "2026-11-29", "version": "0.1.0", "cores": 2, "seconds": 60.0}
RUN = {"recorded": SAID, "shown": {"state": "recorded", "points": {"step": [0, 7]}}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of recordings."""
    monkeypatch.setattr(recordings, "FOLDER", tmp_path / "recordings")
    recordings.recordings.cache_clear()
    yield tmp_path / "recordings"
    recordings.recordings.cache_clear()


def test_what_is_written_is_what_the_page_gets(folder):
    recordings.write("train-glyphs", recordings.pack(RUN, {"A/0": b"first", "A/7": b"last"}))
    address = idle_payload("glyphs")["recording"]
    _, name, version = address.split("/")
    found = recordings.find(name, version)
    assert found.frames == {"A/0": b"first", "A/7": b"last"}
    assert recordings.shown(name, found) == {
        **RUN["shown"],
        "recorded": SAID,
        "frames": f"{address}/frame/A",
    }
    assert idle_payload("faces")["recording"] is None


def test_a_comparison_s_sides_have_frames_of_their_own(folder):
    sides = [{"name": "A", "state": "finished"}, {"name": "B", "state": "finished"}]
    about = {"recorded": SAID, "shown": {"sides": sides, "verdict": "Done."}}
    recordings.write("compare", recordings.pack(about, {"A/0": b"a", "B/0": b"b"}))
    address = idle_comparison()["recording"]
    page = recordings.shown("compare", recordings.find("compare", address.split("/")[-1]))
    assert [side["frames"] for side in page["sides"]] == [f"{address}/frame/A", f"{address}/frame/B"]
    assert page["verdict"] == "Done."


def test_the_same_content_is_the_same_file_and_other_content_has_another_address():
    one, other = recordings.pack(RUN, {"A/0": b"first"}), recordings.pack(RUN, {"A/0": b"second"})
    assert one == recordings.pack(RUN, {"A/0": b"first"}) != other


@pytest.mark.parametrize(
    "content",
    [b"", b"no zip", recordings.pack(RUN, {})[:-30], recordings.pack({"shown": {}}, {})],
    ids=["empty", "text", "cut off", "without a word on itself"],
)
def test_a_damaged_recording_is_passed_over_and_the_tab_opens_without(folder, content):
    recordings.write("train-glyphs", content)
    recordings.write("compare", recordings.pack(RUN, {}))
    with pytest.warns(UserWarning, match=r"train-glyphs\.zip is damaged"):
        assert list(recordings.recordings()) == ["compare"]
    assert idle_payload("glyphs")["recording"] is None


def test_without_a_folder_there_are_none(folder):
    assert recordings.recordings() == {}
    assert idle_comparison()["recording"] is None
    assert recordings.of_model("report", "faces") is None


def test_one_that_is_too_large_is_refused(folder):
    with pytest.raises(ValueError, match="of at most 400,000"):
        recordings.write("train-glyphs", bytes(recordings.MAX_BYTES + 1))
    assert not folder.exists()


def test_an_address_of_another_version_says_that_the_page_is_old(folder):
    recordings.write("train-glyphs", recordings.pack(RUN, {}))
    for name, version in (("train-glyphs", "0123"), ("train-shapes", "0123")):
        with pytest.raises(ValueError, match="reload it"):
            recordings.find(name, version)


def test_a_model_s_recording_is_shown_with_its_weights_alone(folder, shipped):
    weights = shipped / "digits" / "model.safetensors"
    about = {
        "model": "digits",
        "weights": digest(weights),
        "recorded": SAID,
        "shown": {"card": {"model": "digits"}},
    }
    recordings.write("report", recordings.pack(about, {}))
    assert recordings.of_model("report", "digits") == {"card": {"model": "digits"}, "recorded": SAID}
    for other in ("faces", "run:abc", None):
        assert recordings.of_model("report", other) is None
    weights.write_bytes(weights.read_bytes()[:-1] + b"\1")
    assert recordings.of_model("report", "digits") is None
