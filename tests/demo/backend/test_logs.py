"""The log: a line for each event, as text or JSON, and nothing about people."""

import json
import logging
import re

import pytest

from demo.backend import logs
from demo.backend.logs import event
from demo.backend.runs.run import Moment, Run
from demo.backend.work.base import WorkList
from gan.data.sources import UPLOAD_PREFIX
from gan.settings.config import TrainConfig


@pytest.fixture
def logged(monkeypatch, capsys):
    """logged(format, what): the lines that what() logs with GANSCOPE_LOG set to a format."""
    root = logging.getLogger(logs.ROOT)
    before = root.handlers, root.propagate, root.level

    def lines(chosen, what):
        monkeypatch.setenv("GANSCOPE_LOG", chosen)
        logs.configure()
        what()
        return capsys.readouterr().err.splitlines()

    yield lines
    root.handlers, root.propagate, root.level = before
    root.setLevel(before[2])


def log_something():
    log = logging.getLogger("demo.backend.some")
    event(log, "run queued", run="ab12cd34", step=3)
    log.warning("%s is full", "the disk")


def test_json_is_one_object_a_line_with_the_facts(logged):
    first, second = map(json.loads, logged("json", log_something))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first.pop("time"))
    assert first == {"level": "info", "message": "run queued", "run": "ab12cd34", "step": 3}
    assert (second["level"], second["message"]) == ("warning", "the disk is full")


def test_text_has_the_facts_by_name(logged):
    first, second = logged("text", log_something)
    assert first.endswith("Z info run queued run=ab12cd34 step=3")
    assert second.endswith("Z warning the disk is full")


def test_without_a_format_warnings_alone_are_logged(logged):
    (line,) = logged("", log_something)
    assert line.endswith("warning the disk is full")


def test_an_exception_is_in_its_line(logged):
    def fail():
        try:
            raise KeyError("lost")
        except KeyError:
            logging.getLogger("demo.backend.some").exception("it failed")

    (line,) = logged("json", fail)
    assert "KeyError: 'lost'" in json.loads(line)["exception"]


def test_an_unknown_format_ends_the_start(monkeypatch):
    monkeypatch.setenv("GANSCOPE_LOG", "xml")
    with pytest.raises(SystemExit, match="must be text or json, not 'xml'"):
        logs.configure()


class Queue:
    """In place of a queue of processes: the work is done at once."""

    def submit(self, arguments):
        return arguments

    def messages(self, ticket):
        yield "done", None


class Works(WorkList):
    NAME = "run"

    def receive(self, work, kind, value):
        work.changed(state="finished")


@pytest.mark.parametrize(("data", "name"), [("glyphs", "ab12cd34"), (f"{UPLOAD_PREFIX}abc", "private")])
def test_a_run_s_life_is_logged_without_whose_it_is(logged, tmp_path, data, name):
    run = Run("ab12cd34", TrainConfig(data), tmp_path, "browser 0123", "holiday pictures of Ada")
    run.moments = [Moment({"step": 7, "seconds": 1.25}, b"")]

    def live():
        works = Works(Queue(), 2, 2)
        works.submit(run, None)
        for follower in works.followers:
            follower.join()

    lines = logged("json", live)
    begun, ended = map(json.loads, lines)
    assert (begun["message"], ended["message"]) == ("run queued", "run finished")
    shown = {"run": name, "data": "uploaded" if name == "private" else data, "method": "quick"}
    assert {key: ended[key] for key in shown} == shown
    assert (ended["step"], ended["seconds"]) == (7, 1.2)
    secret = ("browser", "0123", "holiday", "Ada", *(["ab12", "abc"] if name == "private" else []))
    assert not any(word in line for word in secret for line in lines)
