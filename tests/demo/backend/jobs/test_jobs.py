"""Slow work beside the page: its progress, its end, and what happens when it goes wrong."""

import sys
import time

import pytest
from helpers.serving import alive
from helpers.waiting import wait_for
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend.jobs import jobs as jobs_module
from demo.backend.jobs.jobs import MAX_RUNNING, MAX_WAITING, Jobs
from demo.backend.work.queue import STOP
from demo.routes.http import PREFIX
from demo.routes.jobs import JobRoutes

HERE = "helpers.counting"


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def client(jobs):
    return TestClient(Starlette(routes=JobRoutes(jobs).all()))


def test_the_last_dict_is_the_result(jobs):
    job = jobs.start(f"{HERE}.count", {"to": 3})
    assert jobs.result(job)["number"] == 3
    assert (job.state, job.message) == ("done", "")


def test_a_page_sees_it_grow_and_is_told_only_what_is_new(jobs, client, tmp_path):
    job = jobs.start(f"{HERE}.count_as_seen", {"to": 4, "folder": str(tmp_path)})
    seen, numbers = 0, []
    while True:
        told = client.get(f"{PREFIX}/jobs/{job.id}?seen={seen}").json()
        if told["version"] != seen and told["latest"]:
            numbers.append(told["latest"]["number"])
            (tmp_path / str(numbers[-1])).touch()
        seen = told["version"]
        if told["state"] == "done":
            break
    assert numbers == sorted(numbers) and set(numbers) == {1, 2, 3, 4}


def test_a_refusal_comes_in_its_own_words_and_a_fault_in_ours(jobs):
    with pytest.raises(ValueError, match=r"^The cat is out$"):
        jobs.result(jobs.start(f"{HERE}.refuse", {"words": "The cat is out"}))
    job = jobs.start(f"{HERE}.break_down", {})
    with pytest.raises(ValueError, match="could not be done"):
        jobs.result(job)
    assert "secret" not in job.message
    with pytest.raises(ValueError, match="ended unexpectedly"):
        jobs.result(jobs.start(f"{HERE}.die", {}))


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are kept on Linux")
def test_it_cannot_take_all_memory(jobs):
    with pytest.raises(ValueError, match="more memory"):
        jobs.result(jobs.start(f"{HERE}.swell", {}))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_stopped_it_leaves_no_process(jobs, client):
    job = jobs.start(f"{HERE}.count", {"to": 1000, "pause": 0.05})
    wait_for(lambda: job.latest)
    process = job.latest["process"]
    assert alive(process)
    assert client.delete(f"{PREFIX}/jobs/{job.id}").status_code == 204
    wait_for(lambda: job.state == "stopped")
    wait_for(lambda: not alive(process))


def test_nobody_asks_so_it_ends(jobs, monkeypatch):
    monkeypatch.setattr(jobs_module, "ABANDONED_SECONDS", 0.5)
    job = jobs.start(f"{HERE}.count", {"to": 1000, "pause": 0.05})
    wait_for(lambda: job.state == "stopped")


def test_more_than_are_at_work_wait_in_order_up_to_a_number(jobs, client):
    slow = {"to": 1000, "pause": 0.1}
    first = [jobs.start(f"{HERE}.count", slow) for _ in range(MAX_RUNNING)]
    wait_for(lambda: all(job.state == "running" for job in first))
    waiting = [jobs.start(f"{HERE}.count", {"to": 1}) for _ in range(MAX_WAITING)]
    places = [client.get(f"{PREFIX}/jobs/{job.id}?seen=-1").json()["place"] for job in waiting]
    assert places == list(range(1, MAX_WAITING + 1))
    with pytest.raises(ValueError, match="waiting"):
        jobs.start(f"{HERE}.count", slow)
    for job in first + waiting[1:]:
        jobs.stop(job)
    assert jobs.result(waiting[0])["number"] == 1
    wait_for(lambda: waiting[-1].state == "stopped")
    assert waiting[-1].latest is None


def test_files_are_listed_and_fetched_one_by_one(jobs, client):
    job = jobs.start(f"{HERE}.write", {})
    jobs.result(job)
    assert client.get(f"{PREFIX}/jobs/{job.id}").json()["latest"] == {"files": {"a b.txt": 5}}
    answer = client.get(f"{PREFIX}/jobs/{job.id}/files/a%20b.txt")
    assert answer.content == b"hello" and "a%20b.txt" in answer.headers["content-disposition"]
    assert client.get(f"{PREFIX}/jobs/{job.id}/files/other").status_code == 400


@pytest.mark.parametrize("name", ["0" * 32, "..", "x" * 5000, "%00"])
def test_who_does_not_know_the_id_gets_nothing(jobs, client, name):
    answer = client.get(f"{PREFIX}/jobs/{name}")
    assert answer.status_code in (400, 404)


def test_old_ones_are_forgotten(jobs, monkeypatch):
    monkeypatch.setattr(jobs, "max_kept", 2)
    first = jobs.start(f"{HERE}.count", {"to": 1})
    for _ in range(3):
        jobs.result(jobs.start(f"{HERE}.count", {"to": 1}))
        time.sleep(0.01)
    with pytest.raises(ValueError, match="no such job"):
        jobs.find(first.id)


def test_equal_requests_share_a_job_until_it_fails_or_is_stopped(jobs, client):
    def share(key="a", task="count", **arguments):
        return jobs.share(key, f"{HERE}.{task}", arguments or {"to": 3})

    first = share()
    assert share() is first and share("b") is not first
    jobs.result(first)
    assert share() is first, "what is done is not done again"
    failed = share("c", "refuse", words="no")
    wait_for(lambda: failed.over)
    assert share("c") is not failed
    long = share("d", to=1000, pause=0.1)
    assert client.delete(f"{PREFIX}/jobs/{long.id}").status_code == 204
    assert long.requested != STOP, "one of those who wait for it cannot stop it"
    jobs.stop(long)
    assert share("d") is not long
