"""Who presses Train before the page's token is known, or before the link's settings are there, gets what he meant."""

import asyncio
from types import SimpleNamespace
from urllib.parse import unquote

import pytest

from demo.backend.runs.kept import KeptRuns
from demo.backend.runs.queue import Runs
from demo.backend.runs.run import Run
from demo.backend.services import Services
from demo.backend.visitors.owners import Owners
from demo.tabs.train.buttons import Buttons
from demo.tabs.train.own_pictures import NAMED, fill_in, ready_by
from demo.tabs.train.settings_link import READY, link_query, parse_settings
from gan.settings.config import TrainConfig

SESSION, TOKEN = "session-1", "0123456789abcdef" * 2


@pytest.mark.parametrize("when", ["before", "while it is made", "after"])
def test_a_token_that_comes_late_finds_its_run(monkeypatch, tmp_path, when):
    kept = KeptRuns(tmp_path)
    kept.due["ab12"] = 9e9
    runs = SimpleNamespace(known={}, kept=kept)
    runs.adopt = lambda *names: Runs.adopt(runs, *names)
    services = SimpleNamespace(runs=runs, owners=Owners())

    def register():
        Services.register(services, SESSION, TOKEN, 0)

    def start(config, owner, title, start):
        run = Run("ab12", config, tmp_path, owner, title, start)
        runs.known[run.id] = run
        return run

    runs.start = start

    def settings(self, values, session):
        if when == "while it is made":
            register()
        return TrainConfig("glyphs"), "", ""

    async def stream(self, run, session):
        yield (run.owner == self._owner(session),)

    monkeypatch.setattr(Buttons, "_settings", settings)
    monkeypatch.setattr(Buttons, "stream", stream)

    async def press() -> bool:
        buttons = Buttons(services, [], None, 1)
        request = SimpleNamespace(session_hash=SESSION, query_params={})
        async for owned, _ in buttons.train_from_form(request, ""):
            return owned

    if when == "before":
        register()
    assert asyncio.run(press())
    if when == "after":
        register()
    assert runs.known["ab12"].owner == services.owners.owner_of(SESSION) != SESSION
    # What is kept of it on disk names the session no longer than until its next snapshot.
    assert (runs.kept.due == {}) == (when == "after")


LINK = '{"data":"glyphs","seconds":120,"changes":{"r1":0.5},"fit":"pad"}'


@pytest.mark.parametrize(
    ("query", "ready", "data", "seconds"),
    [
        ({"train": LINK}, "", "glyphs", 120),  # the form is not filled yet
        ({"train": LINK}, READY, "shapes", 30),  # it is, and was changed since
        ({"run": "ab12", "train": LINK}, "", "mnist", 45),
        ({"run": "ab12", "train": LINK}, READY, "shapes", 30),
        ({}, "", "shapes", 30),
    ],
)
def test_train_pressed_before_the_form_is_filled_trains_by_the_link(
    monkeypatch, tmp_path, query, ready, data, seconds
):
    run = Run("ab12", TrainConfig("mnist", seconds=45), tmp_path, "")
    runs = SimpleNamespace(known={"ab12": run}, find=lambda name: run)
    services = SimpleNamespace(runs=runs, owners=Owners())
    linked = {"glyphs": parse_settings(LINK), "mnist": run.config}
    form = {"data": "shapes", "seconds": 30, "ready": {"some": "pictures"}}
    seen = []

    def settings(self, values, session):
        seen.append(values)
        raise ValueError("enough")

    monkeypatch.setattr(Buttons, "_settings", settings)
    request = SimpleNamespace(session_hash=SESSION, query_params=query)
    buttons = Buttons(services, list(form), None, 1)

    async def press():
        async for _ in buttons.train_from_form(request, ready, *form.values()):
            pass

    asyncio.run(press())
    chosen = seen[0].pop("ready")
    assert seen == [{"data": data, "seconds": seconds}]
    assert chosen == ({"some": "pictures"} if data == "shapes" else ready_by(linked[data]))


def test_a_link_s_way_of_fitting_pictures_is_kept_when_train_is_pressed_early(monkeypatch):
    config = TrainConfig("/data/pictures", fit="pad", background="#ffffff")
    services = SimpleNamespace(runs=None, owners=Owners(), uploads=None)
    text = unquote(link_query(config).removeprefix("train="))
    values = Buttons(services, ["data", "other", "ready"], None, 1)._linked({"train": text})
    filled, title = fill_in(values, values.pop("ready"), None, "")
    assert (filled["data"], filled["other"], title) == (NAMED, "/data/pictures", "")
    assert (filled["fit"], filled["background"]) == ("pad", "#ffffff")
