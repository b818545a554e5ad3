"""What a node of a cluster does with a piece of work, seen here without a cluster."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.serving import ROOT

from demo.backend.work.luggage import Luggage, pack_job, pack_run, unpack
from demo.backend.work.queue import STARTED
from demo.backend.work.ray_task import Home, Line, perform
from gan.common.files import write_json
from gan.models.registry import CHECKPOINT_FILE, STEPS_FOLDER, WEIGHTS_FILE
from gan.settings.config import TrainConfig


def snapshot(step, quality=None):
    return "snapshot", ({"step": step, "quality": quality}, b"frame")


def taken(line):
    return [line.take(0.0) for _ in range(len(line.messages))]


def test_work_is_done_by_the_entries_of_child_processes_in_a_folder_of_its_own():
    before, here = Path.cwd(), {}
    messages = []
    for message in perform("helpers.repeating.main", {}, {"run/a": b"1"}, 1, 60.0, None, 0):
        messages.append(message)
        here[message[0]] = Path.cwd()
    assert messages[0] == STARTED and messages[-1] == ("done", None)
    assert ("process", os.getpid()) in messages and ("files", {"a": b"1"}) in messages
    assert here["done"] != before == Path.cwd() and not here["done"].exists()
    failed = [*perform("helpers.repeating.main", {"fail": True}, {}, 1, 60.0, None, 0)]
    assert failed[-1] == ("failed", "No.")


def test_an_entry_that_breaks_down_is_an_exception_and_not_a_silence(monkeypatch):
    monkeypatch.setattr("threading.excepthook", lambda told: None)
    with pytest.raises(RuntimeError, match="without a word"):
        [*perform("helpers.no_such_module.main", None, {}, 1, 60.0, None, 0)]


def test_of_pictures_that_nobody_took_only_the_newest_stay_and_all_that_was_measured():
    line = Line()
    for message in (("real", b""), snapshot(0), snapshot(1, "good"), snapshot(2), snapshot(3)):
        line.send(message)
    assert taken(line) == [("real", b""), snapshot(1, "good"), snapshot(3)]
    for message in (("latest", {"n": 1}), ("latest", {"n": 2}), ("done", None)):
        line.send(message)
    assert taken(line) == [("latest", {"n": 2}), ("done", None)]


def test_a_line_hears_requests_in_order_and_ends():
    line = Line()
    assert not line.poll()
    line.ask("pause")
    line.ask("go on")
    assert line.poll() and [line.recv(), line.recv()] == ["pause", "go on"]
    line.close()
    with pytest.raises(EOFError):
        line.recv()


def test_only_what_has_changed_goes_home(tmp_path):
    unpack({"a": b"1", "b": b"2", ".new-c": b"3"}, tmp_path)
    home = Home(tmp_path, 60.0)
    assert home.files() == {"a": b"1", "b": b"2"}
    assert home.files() == {}
    unpack({"b": b"4"}, tmp_path)
    assert home.files() == {"b": b"4"}
    earlier = {f"{STEPS_FOLDER}/64/{WEIGHTS_FILE}": b"5"}
    unpack(earlier, tmp_path)
    assert home.files() == earlier


def test_a_run_takes_its_checkpoint_or_the_model_that_it_starts_from_along(tmp_path):
    model, folder = tmp_path / "model", tmp_path / "ab12"
    unpack({"model.safetensors": b"weights"}, model)
    settings = TrainConfig("glyphs").to_dict() | {"start_from": str(model)}
    first = pack_run((settings, str(folder), False))
    assert first.files == {"start/model/model.safetensors": b"weights"} and first.home == folder
    assert first.work == (settings | {"start_from": "start/model"}, "run", False)
    # It goes on from what came home, under the name that its start had there.
    write_json(folder / "train.json", first.work[0])
    unpack({CHECKPOINT_FILE: b"steps"}, folder)
    again = pack_run((settings, str(folder), False))
    assert again.work == (first.work[0], "run", True)
    assert set(again.files) == {"run/train.json", f"run/{CHECKPOINT_FILE}"}
    # A shipped one is there already.
    shipped = pack_run((settings | {"start_from": "faces"}, str(tmp_path / "none"), False))
    assert (shipped.files, shipped.work[0]["start_from"]) == ({}, "faces")


def test_a_job_may_read_no_folder_of_a_node_but_its_own(tmp_path):
    unpack({"model.safetensors": b"weights"}, tmp_path / "mine")
    packed = pack_job(("task", {"source": str(tmp_path / "mine"), "roots": [tmp_path], "seed": 3}))
    assert packed.files == {"model/mine/model.safetensors": b"weights"}
    assert packed.work == ("task", {"source": "model/mine", "roots": [Path("model")], "seed": 3})
    assert pack_job(("task", {"source": "owner/name", "roots": []})) == Luggage(
        ("task", {"source": "owner/name", "roots": [Path("model")]})
    )


def test_without_a_cluster_ray_is_never_imported(tmp_path):
    lines = (
        "import sys; from demo.backend.work import ray_task; from demo.backend.services import make_services; "
        "make_services().close(); print('ray' in sys.modules)"
    )
    environment = os.environ | {"GANSCOPE_RUNS": str(tmp_path)}
    environment.pop("GANSCOPE_RAY", None)
    done = subprocess.run(
        [sys.executable, "-c", lines], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout == "False\n", done.stderr
