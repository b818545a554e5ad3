"""The queue of work: its order, its messages, its ends, with processes, on a Ray cluster, and with neither."""

import threading
import time

import pytest
from helpers.waiting import PATIENCE, wait_for

from demo.backend.work.base import FAULT, Work, WorkList
from demo.backend.work.queue import CANCELLED, DIED, PAUSE, STARTED, STOP, LocalQueue, Ticket

ENTRY = "helpers.repeating.main"


@pytest.fixture(params=["processes", "ray"])
def queue(request):
    if request.param == "processes":
        queue = LocalQueue(ENTRY, keep_process=True, stop_seconds=5.0)
    else:
        request.getfixturevalue("cluster")
        from demo.backend.work.ray_queue import RayQueue

        queue = RayQueue(ENTRY, listens=True, stop_seconds=5.0)
    yield queue
    queue.close()


def read(queue, ticket, during=lambda message: None):
    """All messages of a ticket; `during` sees each, and the silences."""
    seen = []
    for message in queue.messages(ticket):
        during(message)
        if message:
            seen.append(message)
    return seen


def process_of(messages):
    return dict(messages)["process"]


def test_a_process_is_kept_for_what_comes_next_and_told_what_is_requested(queue):
    first = read(queue, queue.submit({}))
    assert [first[0], first[-1]] == [STARTED, ("done", None)]
    ticket = queue.submit({"listen": True})

    def ask(message):
        if message and message[0] == "process":
            queue.request(ticket, PAUSE)
        elif message == ("heard", PAUSE):
            queue.cancel(ticket)

    second = read(queue, ticket, ask)
    assert second[2:] == [("heard", PAUSE), ("heard", STOP), ("done", None)]
    assert process_of(first) == process_of(second)
    failed = read(queue, queue.submit({"fail": True}))
    assert failed[-1] == ("failed", "No.") and process_of(failed) == process_of(first)


def test_one_that_does_not_stop_is_ended_and_replaced(queue):
    queue.stop_seconds = 0.1
    ticket = queue.submit({"listen": True, "dawdle": 60})
    began = time.monotonic()
    seen = read(
        queue, ticket, lambda message: message and message[0] == "process" and queue.cancel(ticket)
    )
    assert seen[-1] == CANCELLED and time.monotonic() - began < 30
    after = read(queue, queue.submit({}))
    assert after[-1] == ("done", None) and process_of(after) != process_of(seen)


def test_a_process_that_dies_is_a_message_and_the_next_one_works(queue):
    assert read(queue, queue.submit({"die": True}))[-1] == DIED
    assert read(queue, queue.submit({}))[-1] == ("done", None)


def test_work_waits_in_order_and_leaves_when_it_is_cancelled(queue):
    tickets = [queue.submit({}) for _ in range(3)]
    assert [queue.place(each) for each in tickets] == [1, 2, 3]
    queue.cancel(tickets[1])
    assert [queue.place(each) for each in tickets] == [1, 0, 2]
    order, threads = [], []
    for place in (2, 1, 0):
        work = lambda place=place: order.append((place, read(queue, tickets[place])))  # noqa: E731
        threads.append(threading.Thread(target=work))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert dict(order)[1] == [CANCELLED]
    assert [place for place, _ in order if place != 1] == [0, 2]


def test_who_leaves_the_stream_ends_the_work_and_makes_room(queue):
    stream = queue.messages(queue.submit({"listen": True}))
    while not (message := next(stream)) or message[0] != "process":
        pass
    stream.close()
    after = read(queue, queue.submit({}))
    assert after[-1] == ("done", None) and process_of(after) != message[1]


def test_closing_ends_what_works_and_what_waits(queue):
    working, waiting, ends = queue.submit({"listen": True}), queue.submit({}), []
    threads = [
        threading.Thread(target=lambda ticket=each: ends.append(read(queue, ticket)[-1]))
        for each in (working, waiting)
    ]
    for thread in threads:
        thread.start()
    wait_for(lambda: queue.place(working) == 0)
    queue.close()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert ends == [CANCELLED, CANCELLED]


class Elsewhere:
    """A `WorkQueue` without processes, as one of a cluster may be: its messages are given."""

    def __init__(self, *messages):
        self.given, self.requests = messages, []

    def submit(self, work):
        return Ticket(work)

    def messages(self, ticket):
        yield from self.given

    def request(self, ticket, state):
        self.requests.append(state)

    def place(self, ticket):
        return 0


class Notes(WorkList):
    def receive(self, work, kind, value):
        if kind == "trouble":
            raise KeyError(value)
        work.changed(state="running" if kind == "started" else kind)


def finished(work, *messages):
    notes = Notes(Elsewhere(*messages), 5, 5)
    notes.submit(work, None)
    wait_for(lambda: work.over)
    return notes


def test_any_queue_will_do_and_a_request_is_passed_on_once():
    work = Work("a", requested=PAUSE)
    notes = finished(work, None, STARTED, None, None, ("done", None))
    assert work.state == "done"
    # Not while it waited, and not after its end.
    assert notes.queue.requests == [PAUSE]


def test_a_fault_of_ours_is_the_end_of_the_work(monkeypatch):
    monkeypatch.setattr("threading.excepthook", lambda told: None)
    work = Work("a")
    finished(work, STARTED, ("trouble", 1))
    assert (work.state, work.message) == ("failed", FAULT)
