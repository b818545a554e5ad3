"""Handlers of Train's buttons: start, watch, pause and stop runs, and stream them to the tab."""

import asyncio
from collections.abc import AsyncIterator, Callable

import gradio as gr

from demo.backend.addresses import fields_of
from demo.backend.runs.payload import watch
from demo.backend.runs.run import ACTIVE, Run
from demo.backend.runs.starting import open_start
from demo.backend.services import Services
from demo.backend.work.queue import GO_ON, PAUSE
from demo.tabs import problem
from demo.tabs.handlers import errors_as_messages
from demo.tabs.train import cure, failure_lessons, own_pictures, settings_link
from gan.settings.config import TrainConfig

CONTINUE_SECONDS = 30
# Outputs of a stream after the view and the run's id, by the names of the form's buttons.
STREAM_OUTPUTS = ("train", "pause", "stop", "cure", "words")
UNCHANGED = [gr.skip()] * (2 + len(STREAM_OUTPUTS))


class Buttons:
    """Event handlers. `read` makes a checked config from {name: value} of the form.

    `save_every`: steps between checkpoints of failure lessons.
    """

    def __init__(self, services: Services, names: list[str], read: Callable, save_every: int):
        self.services, self.runs = services, services.runs
        self.names, self.read, self.save_every = names, read, save_every
        self.shown: dict[str, object] = {}  # session -> the stream that its page shows

    async def stream(self, run: Run, session: str, stay: bool = False) -> AsyncIterator:
        """Yield the outputs for a run until it ends; with `stay`, until the page is closed."""
        last, self.shown[session] = None, (mine := object())
        owned = run.owner == self._owner(session)
        updates = watch(self.runs, run, stay, owned, lambda: self.shown.get(session) is not mine)
        try:
            async for shown in updates:
                # Another run is shown: this one stays watched until it ends, without updates.
                if self.shown.get(session) is not mine:
                    yield UNCHANGED
                    continue
                # Buttons are updated only on change: a rerendered button loses the keyboard focus.
                states, now = [gr.skip()] * len(STREAM_OUTPUTS), (run.state, cure.finding_of(run))
                if now != last:
                    states = [*button_states(run.state, owned), *cure.updates(run)]
                last = now
                yield (shown, run.id, *states)
        finally:
            if self.shown.get(session) is mine:
                del self.shown[session]
            await updates.aclose()

    # Not called "train": Gradio would take that name from the endpoint (demo/api/runs.py).
    async def train_from_form(self, request: gr.Request, ready, *values):
        """Yields the outputs of a stream, then the value of the form's problem.

        Pressed before the form holds the settings of the link that the page was opened by, it trains with those.
        """
        filled = dict(zip(self.names, values, strict=True))
        try:
            fields = fields_of(request.query_params)
            if not ready and settings_link.fills_form(fields):
                filled |= self._linked(fields)
            # Opening the model that it starts from may take seconds.
            settings = await asyncio.to_thread(self._settings, dict(filled), request.session_hash)
            config, title, start = settings
            # Whose it is, is asked for only now: the page's token may have come meanwhile.
            run = self.runs.start(config, self._owner(request.session_hash), title, start)
        except ValueError as error:
            yield (*UNCHANGED, problem.of(error, settings_link.PREFIX, filled))
            return
        told = problem.NONE
        async for shown in self.stream(run, request.session_hash):
            yield (*shown, told)
            told = gr.skip()

    async def pause(self, name, request: gr.Request):
        run = self._find_owned(name, request.session_hash)
        if run.active:
            run.requested = GO_ON if run.requested == PAUSE else PAUSE
            yield UNCHANGED
            return
        errors_as_messages(self.runs.extend)(run, CONTINUE_SECONDS)
        async for shown in self.stream(run, request.session_hash):
            yield shown

    async def cure(self, name, request: gr.Request):
        run = self._start_cured(name, request.session_hash)
        async for shown in self.stream(run, request.session_hash):
            yield shown

    async def start_lesson(self, name, request: gr.Request):
        config = errors_as_messages(failure_lessons.config_of)(name, self.save_every)
        run = errors_as_messages(self.runs.start)(config, self._owner(request.session_hash))
        async for shown in self.stream(run, request.session_hash):
            yield shown

    def stop(self, name, request: gr.Request):
        self.runs.stop(self._find_owned(name, request.session_hash))

    async def rejoin(self, token, minutes, request: gr.Request):
        """On load: show the run of the link, if any, and its settings in the form.

        The browser's token identifies the owner; others read the settings, and may change them for a run of their
        own. Yields the outputs of a stream, those of `settings_link.shown_settings`, and whether the form is ready.
        """
        self.services.register(request.session_hash, token, minutes)
        nothing = (*UNCHANGED, *settings_link.unchanged(self.names))
        fields = fields_of(request.query_params)
        if not (name := fields.get("run")):
            # Settings of a link come by an event of their own.
            yield (*nothing, gr.skip() if settings_link.fills_form(fields) else settings_link.READY)
            return
        if name not in self.runs.known:
            yield (*nothing, settings_link.READY)
        # Train was pressed already: the page shows what it started.
        if request.session_hash in self.shown:
            yield (*nothing, settings_link.READY)
            return
        async for shown in self._show(name, request.session_hash):
            yield (*shown, settings_link.READY)

    async def show_pinned(self, event: gr.EventData, request: gr.Request):
        """Show the run that a class's teacher shows to all, and its settings in the form."""
        async for shown in self._show(event.run, request.session_hash):
            yield shown

    async def _show(self, name: object, session: str) -> AsyncIterator:
        run = errors_as_messages(self.runs.find)(name)
        settings = settings_link.shown_settings(self.names, run, run.owner == self._owner(session))
        async for shown in self.stream(run, session, stay=True):
            yield (*shown, *settings)
            settings = settings_link.unchanged(self.names)

    def _linked(self, fields: dict[str, str]) -> dict:
        """The form's values by the link that the page was opened by."""
        name = fields.get("run")
        config = (
            self.runs.find(name).config
            if name
            else settings_link.parse_settings(fields[settings_link.QUERY])
        )
        values = settings_link.form_values(config) | {"ready": own_pictures.ready_by(config)}
        return {name: value for name, value in values.items() if name in self.names}

    def _owner(self, session: str) -> str:
        return self.services.owners.owner_of(session)

    def _settings(self, values: dict, session: str) -> tuple[TrainConfig, str, str]:
        """A run's config, title and start, from the form's values."""
        services, owner = self.services, self._owner(session)
        values, title = own_pictures.fill_in(values, values.pop("ready"), services.uploads, session)
        config, start = open_start(services, self.read(values, services.roots), owner, session)
        return config, title, start

    @errors_as_messages
    def _start_cured(self, name: str, session: str) -> Run:
        run, owner = self.runs.find(name), self._owner(session)
        config = cure.cure(run)
        self.services.uploads.check(config.data, session)
        # The new run waits until this one has ended.
        if run.active and run.owner == owner:
            self.runs.stop(run)
        return self.runs.start(config, owner, run.title, run.start)

    @errors_as_messages
    def _find_owned(self, name: str, session: str) -> Run:
        return self.runs.find_owned(name, self._owner(session))


def button_states(state: str, owned: bool = True) -> list[dict]:
    """Updates of Train, Pause (or Continue) and Stop for a run's state.

    For a run of another owner, only Train is enabled.
    """
    if not owned:
        return [gr.update(), gr.update(interactive=False), gr.update(interactive=False)]
    active, over = state in ACTIVE, state in ("stopped", "finished")
    may_continue = state == "paused" or over
    return [
        gr.update(interactive=not active),
        gr.update(
            value="Continue" if may_continue else "Pause",
            interactive=state == "running" or may_continue,
        ),
        gr.update(interactive=active and state != "stopping"),
    ]
