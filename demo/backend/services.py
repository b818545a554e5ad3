"""What all tabs share: generators, runs, jobs, sessions on points, and uploads."""

import os
from dataclasses import dataclass
from pathlib import Path

from demo.backend.generators import RUN_PREFIX, GeneratorStore, menu
from demo.backend.jobs import Jobs
from demo.backend.owners import Owners
from demo.backend.point_sessions import PointSessions
from demo.backend.rpc import RpcClient
from demo.backend.run_queue import Runs
from demo.backend.uploads import Uploads


@dataclass(frozen=True)
class Services:
    """One set a server."""

    generators: GeneratorStore
    runs: Runs
    point_sessions: PointSessions
    jobs: Jobs
    uploads: Uploads
    roots: tuple[Path, ...]
    owners: Owners

    def models(self, session: str = "") -> list[tuple[str, str]]:
        """The model menu: shipped generators, then those that a page has trained."""
        owner = self.owners.of(session)
        trained = [
            (f"your run {run.id} — {run.title or run.config.data}", RUN_PREFIX + run.id)
            for run in self.runs.known.values()
            if run.owner == owner and (run.folder / "train.json").is_file()
        ]
        handed = [(uploads.title, uploads.name) for uploads in self.uploads.models(session)]
        return menu() + trained + handed

    def close(self) -> None:
        """End all that works here; called when the server stops."""
        self.runs.close()
        self.point_sessions.close()
        self.jobs.close()
        self.uploads.close()
        self.generators.renderer.close()


def make_services(renderer: RpcClient | None = None, folder: Path | None = None) -> Services:
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
    uploads = Uploads(runs.trains_on)
    generators = GeneratorStore(folder, roots, renderer)
    return Services(generators, runs, PointSessions(), Jobs(), uploads, allowed, Owners())
