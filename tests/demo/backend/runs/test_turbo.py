"""Turbo: runs on a GPU that is lent for a while, as the package `spaces` lends it, and without one."""

import contextvars
import json
import os
import signal
import sys
import threading
import urllib.request

import pytest
from helpers.lent_gpu import TOKEN, lending
from helpers.serving import ROOT, alive, family, serving
from helpers.waiting import PATIENCE, wait_for

from demo.backend.runs import turbo
from demo.backend.runs.turbo import LENT, LONG, MARGIN, MAX_SECONDS, REFUSED, SILENT, TurboQueue
from demo.backend.shutdown import END_SECONDS
from demo.backend.work.queue import CANCELLED, GO_ON, PAUSE, STARTED
from gan.models.registry import CHECKPOINT_FILE

DONE = ("done", None)
SETTINGS = {
    "data": "glyphs",
    "limit": 64,
    "size": 32,
    "channels": 1,
    "width": 4,
    "batch": 8,
    "steps": None,
}
VISITOR = contextvars.ContextVar("visitor")


@pytest.fixture
def queue_of():
    """queue_of(call): a queue whose GPU runs are `call`, and whose processes tell what they get."""
    queues = []

    def make(call):
        queues.append(TurboQueue("helpers.repeating.tell", 1, 0, True, 1.0, call=call))
        return queues[-1]

    yield make
    for queue in queues:
        queue.close()


def read(queue, ticket, during=lambda message: None):
    """All messages of a ticket; `during` sees each."""
    seen = []
    for message in filter(None, queue.messages(ticket)):
        seen.append(message)
        during(message)
    return seen


def save_checkpoint(folder, seconds=20.0):
    import torch

    from gan.common.files import write_tensors

    write_tensors(folder / CHECKPOINT_FILE, {"a": torch.zeros(1)}, {"seconds": repr(seconds)})


def test_a_short_run_is_called_for_with_what_its_process_would_get_and_in_the_name_of_whoever_asked(
    queue_of,
):
    called = []

    def call(*work):
        called.append((work, VISITOR.get(None)))
        yield "snapshot", 1
        yield DONE

    queue, work = queue_of(call), ({"seconds": MAX_SECONDS}, "nowhere", False)
    ticket = contextvars.copy_context().run(lambda: VISITOR.set("me") and queue.submit(work))
    note = ("note", LENT.format(MAX_SECONDS + MARGIN))
    assert read(queue, ticket) == [STARTED, note, ("snapshot", 1), DONE]
    assert called == [(work, "me")]


@pytest.mark.parametrize("seconds", [MAX_SECONDS + 1, None])
def test_a_long_run_trains_in_a_process_and_says_so(queue_of, seconds):
    queue, work = queue_of(pytest.fail), ({"seconds": seconds}, "nowhere", False)
    assert read(queue, queue.submit(work))[1:] == [
        ("note", LONG.format(MAX_SECONDS)),
        ("got", work),
        DONE,
    ]


class QuotaError(Exception):
    message = "You have exceeded your quota. "


@pytest.mark.parametrize(
    ("error", "words"),
    [(QuotaError(), QuotaError.message.strip()), (OSError("refused"), SILENT), (None, SILENT)],
)
def test_without_a_gpu_a_run_trains_in_a_process_and_says_why(queue_of, error, words):
    def call(*work):
        yield "snapshot", 1
        if error:
            raise error

    queue, work = queue_of(call), ({"seconds": 5}, "nowhere", False)
    seen = read(queue, queue.submit(work))
    assert seen[3:] == [("note", REFUSED.format(words)), ("got", work), DONE]


def test_a_gpu_that_is_taken_away_leaves_the_run_to_a_process_from_its_checkpoint(queue_of, tmp_path):
    def call(settings, folder, resume):
        yield "snapshot", resume
        save_checkpoint(tmp_path)
        raise QuotaError

    queue = queue_of(call)
    seen = read(queue, queue.submit(({"seconds": 60}, str(tmp_path), False)))
    assert seen[2] == ("snapshot", False)
    assert seen[-2:] == [("got", ({"seconds": 60}, str(tmp_path), True)), DONE]


def test_a_paused_run_gives_its_gpu_back_and_goes_on_by_another_loan(queue_of, tmp_path):
    loans = []

    def call(settings, folder, resume):
        loans.append("lent")
        try:
            while not resume:
                yield "snapshot", None
            yield DONE
        finally:
            save_checkpoint(tmp_path)
            loans.append("returned")

    queue = queue_of(call)
    ticket = queue.submit(({"seconds": 60}, str(tmp_path), False))
    goes_on = threading.Event()

    def go_on():
        wait_for(lambda: loans == ["lent", "returned"])
        queue.request(ticket, GO_ON)
        goes_on.set()

    later = threading.Thread(target=go_on)

    def pause(message):
        if message[0] == "snapshot" and ticket.requested == GO_ON and not goes_on.is_set():
            queue.request(ticket, PAUSE)
            later.start()

    seen = read(queue, ticket, pause)
    later.join()
    # 20 of the 60 seconds were trained before.
    assert seen[-2:] == [("note", LENT.format(40 + MARGIN)), DONE]
    assert loans == ["lent", "returned"] * 2


def test_stop_waits_until_the_run_has_saved_and_not_for_a_gpu_that_does_not_come(queue_of):
    ended, come = threading.Event(), threading.Event()

    def call(settings, folder, resume):
        if settings["waits"]:
            come.wait()
        try:
            while True:
                yield "snapshot", None
        finally:
            ended.set()

    queue = queue_of(call)
    queue.stop_seconds = PATIENCE
    ticket = queue.submit(({"seconds": 5, "waits": False}, "nowhere", False))
    seen = read(queue, ticket, lambda message: message[0] == "snapshot" and queue.cancel(ticket))
    assert seen[-1] == DONE and ended.is_set()
    queue.stop_seconds = 0.1
    ticket = queue.submit(({"seconds": 5, "waits": True}, "nowhere", False))
    seen = read(queue, ticket, lambda message: message[0] == "note" and queue.cancel(ticket))
    assert seen[-1] == CANCELLED
    come.set()


def test_outside_of_a_space_the_package_changes_nothing(tmp_path, monkeypatch):
    pytest.importorskip("spaces")
    monkeypatch.setenv("GANSCOPE_DEVICE", "cpu")
    monkeypatch.setenv("SPACES_ZERO_GPU", "")
    call = turbo.decorated()
    assert call is turbo.train and not turbo.is_offered()
    *messages, last = call(SETTINGS | {"seconds": 1}, str(tmp_path / "run"), False)
    assert {kind for kind, _ in messages} >= {"real", "snapshot"} and last == DONE
    stream = call(SETTINGS | {"seconds": 600}, str(tmp_path / "stopped"), False)
    assert [next(stream)[0], next(stream)[0]] == ["real", "snapshot"]
    stream.close()
    assert (tmp_path / "stopped" / CHECKPOINT_FILE).is_file()


def trained(url, seconds):
    """What the endpoint says at a run's end, asked by a visitor of a Space."""
    body = json.dumps({"data": ["glyphs", "quick", seconds, 0, ""]}).encode()
    headers = {"Content-Type": "application/json", "X-IP-Token": TOKEN}
    call = urllib.request.Request(f"{url}/gradio_api/call/train", body, headers)
    with urllib.request.urlopen(call, timeout=PATIENCE) as answer:
        event = json.load(answer)["event_id"]
    with urllib.request.urlopen(f"{url}/gradio_api/call/train/{event}", timeout=PATIENCE) as stream:
        last = stream.read().decode().split("event: complete\ndata: ")[1]
    return json.loads(last.splitlines()[0])[0]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_space_lends_a_fork_of_the_server_a_gpu_at_the_visitors_expense(tmp_path, monkeypatch):
    pytest.importorskip("spaces")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{ROOT / 'tests'}")
    with (
        lending(tmp_path) as (lender, space),
        serving(tmp_path, ("-m", "helpers.lent_gpu"), **space) as served,
    ):
        assert lender.asked == [("/startup-report", {})]
        ended = trained(served.url, 2)
        assert ended["state"] == "finished" and LENT.format(2 + MARGIN) in ended["notes"]
        asked = lender.questions("/schedule")
        assert [(each["token"], each["durationSeconds"]) for each in asked] == [
            (TOKEN, str(2 + MARGIN))
        ]
        fork = int(lender.questions("/allow")[0]["pid"])
        assert fork in family(served.process.pid) - {served.process.pid}
        assert [each["fail"] for each in lender.questions("/release")] == ["false"]

        lender.spent = True
        ended = trained(served.url, 2)
        assert ended["state"] == "finished" and len(lender.questions("/allow")) == 1
        assert any("quota" in note and "12s left" in note for note in ended["notes"])

        processes = family(served.process.pid)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=END_SECONDS + 20) == 0
        wait_for(lambda: not any(map(alive, processes)))
