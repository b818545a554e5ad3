"""What Train's buttons do: they start, join, pause and end runs, and stream them into the tab."""

from collections.abc import AsyncIterator, Callable

import gradio as gr

from demo.backend.run import ACTIVE, Run
from demo.backend.run_payload import watch
from demo.backend.services import Services
from demo.backend.work_queue import GO_ON, PAUSE
from demo.tabs.handlers import errors_as_messages
from demo.tabs.train import cure, failure_lessons, own_pictures

CONTINUE_SECONDS = 30
# What a stream fills, in this order, after the view and the id of its run.
STREAM_OUTPUTS = ("train", "pause", "stop", "cure", "words")
UNCHANGED = [gr.skip()] * (2 + len(STREAM_OUTPUTS))


class Buttons:
    """Handlers of Gradio's events. `read` makes a checked config of the form's values by name.

    `save_every` is that of the runs that they start, in steps.
    """

    def __init__(self, services: Services, names: list[str], read: Callable, save_every: int):
        self.services, self.runs = services, services.runs
        self.names, self.read, self.save_every = names, read, save_every
        self.newest: dict[str, Run] = {}  # by session: the run that is shown

    async def stream(self, run: Run, session: str, stay: bool = False) -> AsyncIterator:
        """What the outputs show of a run, until it ends, or for as long as someone looks."""
        last, self.newest[session] = None, run
        mine = run.owner == self._owner(session)
        try:
            async for shown in watch(self.runs, run, stay):
                # An older run, which may end only now, goes on being watched and says no more.
                if self.newest.get(session) is not run:
                    yield UNCHANGED
                    continue
                # Buttons are sent only when they change: a redrawn button loses the keyboard's focus.
                states, now = [gr.skip()] * len(STREAM_OUTPUTS), (run.state, cure.finding_of(run))
                if now != last:
                    states = [*button_states(run.state, mine), *cure.shown(run)]
                last = now
                yield (shown, run.id, *states)
        finally:
            if self.newest.get(session) is run:
                del self.newest[session]

    # Not called "train": Gradio would take that name from the endpoint (demo/api/models.py).
    async def learn(self, request: gr.Request, *values):
        run = self._begin(dict(zip(self.names, values, strict=True)), request.session_hash)
        async for shown in self.stream(run, request.session_hash):
            yield shown

    async def pause(self, name, request: gr.Request):
        run = self._own(name, request.session_hash)
        if run.active:
            run.requested = GO_ON if run.requested == PAUSE else PAUSE
            yield UNCHANGED
            return
        errors_as_messages(self.runs.extend)(run, CONTINUE_SECONDS)
        async for shown in self.stream(run, request.session_hash):
            yield shown

    async def cure(self, name, request: gr.Request):
        run = self._begin_cured(name, request.session_hash)
        async for shown in self.stream(run, request.session_hash):
            yield shown

    async def break_it(self, name, request: gr.Request):
        config = errors_as_messages(failure_lessons.config_of)(name, self.save_every)
        run = errors_as_messages(self.runs.start)(config, self._owner(request.session_hash))
        async for shown in self.stream(run, request.session_hash):
            yield shown

    def stop(self, name, request: gr.Request):
        self.runs.stop(self._own(name, request.session_hash))

    async def rejoin(self, token, request: gr.Request):
        """A link to a run, or a reload, shows it again; the browser's token says whose page this is."""
        self.services.owners.register(request.session_hash, token)
        if not (name := request.query_params.get("run")):
            yield UNCHANGED
            return
        run = errors_as_messages(self.runs.find)(name)
        async for shown in self.stream(run, request.session_hash, stay=True):
            yield shown

    def _owner(self, session: str) -> str:
        return self.services.owners.owner_of(session)

    @errors_as_messages
    def _begin(self, values: dict, session: str) -> Run:
        uploads = self.services.uploads
        values, title = own_pictures.read(values, values.pop("ready"), uploads, session)
        return self.runs.start(self.read(values, self.services.roots), self._owner(session), title)

    @errors_as_messages
    def _begin_cured(self, name: str, session: str) -> Run:
        run, owner = self.runs.find(name), self._owner(session)
        config = cure.cure(run)
        self.services.uploads.check(config.data, session)
        # The cured run waits for this one's place.
        if run.active and run.owner == owner:
            self.runs.stop(run)
        return self.runs.start(config, owner, run.title)

    @errors_as_messages
    def _own(self, name: str, session: str) -> Run:
        run = self.runs.find(name)
        if run.owner != self._owner(session):
            raise ValueError("Only who started this run may stop or pause it.")
        return run


def button_states(state: str, mine: bool = True) -> list[dict]:
    """What Train, Pause and Stop offer in a run's state; Pause says Continue where it goes on.

    Who watches someone else's run may start one of their own, and nothing else.
    """
    if not mine:
        return [gr.update(), gr.update(interactive=False), gr.update(interactive=False)]
    active, over = state in ACTIVE, state in ("stopped", "finished")
    going_on = state == "paused" or over
    return [
        gr.update(interactive=not active),
        gr.update(
            value="Continue" if going_on else "Pause", interactive=state == "running" or going_on
        ),
        gr.update(interactive=active and state != "stopping"),
    ]
