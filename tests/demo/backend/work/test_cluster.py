"""Runs and jobs on a Ray cluster: files that travel, machines that are lost, processes that are killed.

What is the same as with child processes is seen in test_work_queue.py and test_run_queue.py.
"""

import base64
import os
import re
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers.small_runs import SMALL, ended, started
from helpers.waiting import wait_for

from demo.backend.jobs.jobs import ENTRY, Jobs
from demo.backend.runs import queue as run_queue
from demo.backend.runs.queue import Runs
from demo.backend.services import make_services
from demo.backend.visitors.uploads import Uploads
from demo.backend.work.luggage import pack_run
from gan.common.files import read_json, read_tensors
from gan.data.image_tensors import Images
from gan.data.load import write_images
from gan.data.sources import upload_file
from gan.images.encode import png
from gan.models.registry import CHECKPOINT_FILE
from gan.settings.config import TrainConfig

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def runs(cluster, tmp_path_factory):
    from demo.backend.work.cluster import queue_of_runs

    queue = queue_of_runs()
    queue.home_seconds = 0.5
    runs = Runs(tmp_path_factory.mktemp("runs"), cluster=queue)
    yield runs
    runs.close()


def saved_step(run):
    return int(read_tensors(run.folder / CHECKPOINT_FILE)[0]["steps"])


def test_a_run_whose_machine_is_lost_goes_on_elsewhere_from_what_came_home(runs, cluster):
    first = started(runs, seconds=600)
    wait_for(lambda: first.moments)  # has the only CPU
    node = cluster.add_node(num_cpus=1, include_dashboard=False, object_store_memory=100 * 2**20)
    second = started(runs, seconds=600, save_every=5)
    wait_for(lambda: (second.folder / CHECKPOINT_FILE).is_file() and saved_step(second) >= 5)
    cluster.remove_node(node, allow_graceful=False)
    wait_for(lambda: second.state == "queued")
    at_home, seen = saved_step(second), len(second.moments)
    assert seen and re.match(r"At step \d+ its machine was lost", second.notes[0])
    runs.stop(first)
    ended(first)
    wait_for(lambda: second.state == "running" and second.points[-1]["step"] > at_home)
    steps = [point["step"] for point in second.points]
    assert steps == sorted(set(steps)) and len(second.notes) == 1
    assert [step for step in steps if 0 < step <= at_home], "its history is kept as far as it was saved"
    runs.stop(second)
    assert ended(second).state == "stopped"
    assert saved_step(second) == second.points[-1]["step"] or saved_step(second) > at_home


def test_a_killed_process_is_a_message_and_the_next_run_works(runs):
    run = started(runs, seconds=600)
    wait_for(lambda: run.moments)
    for process in workers():
        os.kill(process, signal.SIGKILL)
    assert ended(run).message == run_queue.ENDED and run.state == "failed"
    assert ended(started(runs, steps=2)).state == "finished"


def test_one_that_does_not_listen_is_killed_and_what_came_home_stays(runs, monkeypatch):
    run = started(runs, seconds=600, save_every=5)
    wait_for((run.folder / CHECKPOINT_FILE).is_file)
    monkeypatch.setattr(runs.queue, "stop_seconds", 0.0)
    for process in workers():
        os.kill(process, signal.SIGSTOP)
    runs.stop(run)
    assert ended(run).state == "stopped" and saved_step(run) >= 1
    for process in workers():
        os.kill(process, signal.SIGCONT)
    wait_for(lambda: not workers())
    monkeypatch.undo()
    runs.extend(run, 1.0)
    assert ended(run).state == "finished", run.message


def test_uploads_and_starting_models_travel_and_leave_nothing_behind(runs, tmp_path):
    import torch

    uploads, first = Uploads(), ended(started(runs, steps=2))
    upload = uploads.create("me")
    path = upload_file(upload.name, 32, 3, "crop", "#ffffff")
    write_images(path, Images(upload.name, torch.randint(0, 256, (40, 3, 32, 32), dtype=torch.uint8)))
    config = TrainConfig(
        upload.name, size=32, channels=3, fit="crop", background="#ffffff", width=4, batch=8, steps=2
    )
    packed = pack_run((config.to_dict(), str(tmp_path / "none"), False))
    assert [*packed.files] == [f"uploads/{upload.id}/{path.name}"] and not packed.work[2]
    run = runs.start(config)
    run.count_watcher(1)
    assert ended(run).state == "finished", run.message
    again = runs.start(
        TrainConfig(**SMALL, steps=2, start_from=f"run:{first.id}"), start=str(first.folder)
    )
    again.count_watcher(1)
    assert ended(again).state == "finished", again.message
    assert read_json(again.folder / "train.json")["start_from"] == f"start/{first.id}"
    runs.extend(again, 1.0)
    assert ended(again).state == "finished", again.message
    uploads.close()
    gone = runs.start(config)
    gone.count_watcher(1)
    assert ended(gone).state == "failed" and "no longer here" in gone.message


def test_a_job_takes_the_model_along(runs, tmp_path):
    from demo.backend.work.cluster import queue_of_jobs

    run, jobs = ended(started(runs, steps=2)), Jobs(queue_of_jobs())
    picture = png(np.zeros((32, 32, 1), np.uint8))
    arguments = {
        "content": picture, "source": str(run.folder), "roots": [run.folder], "edges": "crop", "light": "kept",
        "steps": 3, "starts": 2, "seed": 0,
    }  # fmt: skip
    found = jobs.result(jobs.start("demo.workers.tasks.invert.search", arguments))
    assert len(base64.b64decode(found["picture"])) == 32 * 32 and found["step"] == 3
    # Others are done here: they need files of this machine.
    assert jobs.result(jobs.start("helpers.counting.count", {"to": 2}))["process"] not in workers()
    jobs.close()


def test_a_job_cannot_take_all_memory_and_its_process_ends_with_it(cluster):
    from demo.backend.work.cluster import queue_of_jobs

    queue = queue_of_jobs()
    queue.pack = type(queue).__init__.__defaults__[-1]
    messages = [*filter(None, queue.messages(queue.submit(("helpers.counting.swell", {}))))]
    assert messages[-1][0] == "failed" and "more memory" in messages[-1][1], ENTRY
    queue.close()


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("GANSCOPE_RAY", "ray://127.0.0.1:10001", "cannot stream"),
        ("GANSCOPE_RAY", "127.0.0.1:1", "no cluster could be joined at '127.0.0.1:1': .*refused"),
        ("GANSCOPE_RAY", "somewhere", "no cluster could be joined at 'somewhere'"),
        ("GANSCOPE_RAY", "auto", "nobody answers"),
        ("GANSCOPE_AT_ONCE", "2", "the cluster's CPUs decide"),
        ("GANSCOPE_RUN_CPUS", "none", "must be a number of logical CPUs"),
    ],
)
def test_settings_that_will_not_do_are_a_sentence(monkeypatch, variable, value, words):
    ray = pytest.importorskip("ray")

    def init(address, **options):
        raise ConnectionError("nobody answers")

    monkeypatch.setattr(ray, "init", init)
    monkeypatch.setenv("GANSCOPE_RAY", "auto")
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit, match=words):
        make_services()


def workers() -> list[int]:
    """The processes that do work of this cluster's nodes."""
    named = {int(path.parts[2]): path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")}
    return [process for process, name in named.items() if name.startswith(b"ray::task")]
