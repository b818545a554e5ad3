"""What all tabs share: the studio that draws, the runs that train, and how errors are told."""

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from demo.jobs import Jobs
from demo.own import Own
from demo.playgrounds import Playgrounds
from demo.processes import Line
from demo.runs import Runs
from demo.studio import RUN_PREFIX, Studio, menu

# Of the page's own events: not for other programs, and no spinner over a picture.
QUIET = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True)
class Services:
    """One set a server."""

    studio: Studio
    runs: Runs
    playgrounds: Playgrounds
    jobs: Jobs
    own: Own
    roots: tuple[Path, ...]

    def models(self, owner: str = "") -> list[tuple[str, str]]:
        """The model menu: shipped generators, then those that `owner` has trained."""
        trained = [
            (f"your run {run.id} — {run.title or run.config.data}", RUN_PREFIX + run.id)
            for run in self.runs.runs.values()
            if run.owner == owner and (run.folder / "train.json").is_file()
        ]
        handed = [(own.title, own.name) for own in self.own.models(owner)]
        return menu() + trained + handed

    def close(self) -> None:
        """End all that works here; called when the server stops."""
        self.runs.close()
        self.playgrounds.close()
        self.jobs.close()
        self.own.close()
        self.studio.artist.close()


def make_services(artist: Line | None = None, folder: Path | None = None) -> Services:
    """Services that keep runs in `folder`, and read the folders that the environment allows.

    GANSCOPE_RUNS: where runs are kept (default: runs). GANSCOPE_AT_ONCE: how many train at once
    (default: 1). GANSCOPE_ROOTS: folders that visitors may name, parted by ":" (";" on Windows).
    """
    folder = (folder or Path(os.environ.get("GANSCOPE_RUNS", "runs"))).resolve()
    named = [
        os.environ.get("GANSCOPE_DATA", ""),
        *os.environ.get("GANSCOPE_ROOTS", "").split(os.pathsep),
    ]
    roots = tuple(Path(name) for name in named if name)
    at_once = os.environ.get("GANSCOPE_AT_ONCE", "1")
    if not at_once.isdecimal() or int(at_once) < 1:
        raise SystemExit(f"GANSCOPE_AT_ONCE must be a number of runs from 1 on, not {at_once!r}.")
    runs, allowed = Runs(folder, int(at_once)), (folder, *roots)
    own = Own(runs.learning_from)
    return Services(Studio(folder, roots, artist), runs, Playgrounds(), Jobs(), own, allowed)


def told(handler: Callable) -> Callable:
    """A handler whose ValueErrors reach the user as a message with the same words."""

    @functools.wraps(handler)
    def answer(*arguments, **options):
        try:
            return handler(*arguments, **options)
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return answer
