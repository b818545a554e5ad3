"""Who presses Train before the page's token is known owns the run all the same."""

import asyncio
from types import SimpleNamespace

import pytest

from demo.backend.owners import Owners
from demo.backend.run import Run
from demo.backend.run_queue import Runs
from demo.backend.services import Services
from demo.tabs.train.buttons import Buttons
from gan.settings.config import TrainConfig

SESSION, TOKEN = "session-1", "0123456789abcdef" * 2


@pytest.mark.parametrize("when", ["before", "while it is made", "after"])
def test_a_token_that_comes_late_finds_its_run(monkeypatch, tmp_path, when):
    runs = SimpleNamespace(known={})
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
        async for owned, _ in buttons.train_from_form(SimpleNamespace(session_hash=SESSION)):
            return owned

    if when == "before":
        register()
    assert asyncio.run(press())
    if when == "after":
        register()
    assert runs.known["ab12"].owner == services.owners.owner_of(SESSION) != SESSION
