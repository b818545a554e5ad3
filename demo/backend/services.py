"""Services: the server's state, shared by tabs, routes and endpoints."""

import os
from dataclasses import dataclass
from pathlib import Path

from demo.backend.cleaning import DAYS, GIGABYTES, Cleaner
from demo.backend.generators import RUN_PREFIX, GeneratorStore, list_shipped
from demo.backend.jobs.jobs import Jobs
from demo.backend.point_sessions import PointSessions
from demo.backend.runs.limits import TURN_SECONDS
from demo.backend.runs.payload import run_title
from demo.backend.runs.queue import Runs
from demo.backend.runs.readers import Readers
from demo.backend.visitors.classroom import Classroom
from demo.backend.visitors.owners import Owners
from demo.backend.visitors.rates import PER_MINUTE, Rates
from demo.backend.visitors.uploads import Uploads
from demo.backend.work.queue import WorkQueue
from demo.backend.work.rpc import RpcClient
from gan.data import cache


@dataclass(frozen=True)
class Services:
    """All services of one server."""

    generators: GeneratorStore
    runs: Runs
    point_sessions: PointSessions
    jobs: Jobs
    uploads: Uploads
    roots: tuple[Path, ...]
    owners: Owners
    readers: Readers
    classroom: Classroom
    cleaner: Cleaner
    rates: Rates

    def register(self, session: str, token: object, minutes: object) -> str:
        """Set a session's owner by its browser's token, and return it; what the session has started is then its own."""
        owner = self.owners.register(session, token, minutes)
        self.runs.adopt(session, owner)
        return owner

    def spend(self, session: str, address: str, cost: float = 1.0) -> None:
        """Count a costly request for the browser of a session, or whatever else names a visitor; TooOftenError."""
        self.rates.spend(self.owners.owner_of(session), address, cost)

    def models(self, session: str = "") -> list[tuple[str, str]]:
        """(label, name) for the model menu: shipped generators, then the session's runs, newest first, and uploads."""
        owner = self.owners.owner_of(session)
        minutes = self.owners.minutes.get(session, 0)
        trained = [
            (f"your run — {run_title(run, minutes)}", RUN_PREFIX + run.id)
            for run in reversed(list(self.runs.known.values()))
            if run.owner == owner and (run.folder / "train.json").is_file()
        ]
        uploaded = [(upload.title, upload.name) for upload in self.uploads.models(session)]
        return list_shipped() + trained + uploaded

    def why_unwritable(self) -> str:
        """Why no run can be kept, as a sentence; "" if it can."""
        folder = self.runs.folder if self.runs.folder.exists() else self.runs.folder.parent
        if not os.access(folder, os.W_OK):
            return "The folder of runs cannot be written."
        return ""

    def close(self) -> None:
        """End all processes and remove uploads; called when the server stops."""
        self.cleaner.close()
        self.runs.close()
        self.point_sessions.close()
        self.jobs.close()
        self.uploads.close()
        self.generators.renderer.close()


def make_services(renderer: RpcClient | None = None, folder: Path | None = None) -> Services:
    """Create the services. Runs are kept in `folder`.

    GANSCOPE_RUNS: the default of `folder` (runs). GANSCOPE_AT_ONCE: how many runs train at once (1).
    GANSCOPE_TURN_SECONDS: how long a run may train while others wait (1200).
    GANSCOPE_KEEP_DAYS, GANSCOPE_KEEP_GB: runs that are older, or beyond this size together, are removed (30, 10).
    GANSCOPE_CACHE_GB: how large the cache of datasets may be (10); what was not used for those days goes as well.
    GANSCOPE_PER_MINUTE: how many costly requests a visitor may make in a minute (60); 0: any number.
    GANSCOPE_RAY: the Ray cluster that does the work; GANSCOPE_RUN_CPUS: a run's logical CPUs there (1).
    GANSCOPE_TEACHER_KEY: the key of whoever may open a class (one that nobody can guess).
    GANSCOPE_ROOTS: more folders that visitors may name, separated by ":" (";" on Windows).
    """
    folder = (folder or Path(os.environ.get("GANSCOPE_RUNS", "runs"))).resolve()
    named = [
        os.environ.get("GANSCOPE_DATA", ""),
        *os.environ.get("GANSCOPE_ROOTS", "").split(os.pathsep),
    ]
    roots = tuple(Path(name) for name in named if name)
    at_once = _whole("GANSCOPE_AT_ONCE", 1, "runs")
    turn = _whole("GANSCOPE_TURN_SECONDS", int(TURN_SECONDS), "seconds")
    runs_elsewhere, jobs_elsewhere = _queues_of_cluster()
    runs = Runs(folder, at_once, turn, runs_elsewhere)
    uploads = Uploads(runs.trains_on, runs.forget_pictures)
    generators = GeneratorStore(folder, roots, renderer)
    classroom = Classroom(runs, os.environ.get("GANSCOPE_TEACHER_KEY", ""))
    days = _whole("GANSCOPE_KEEP_DAYS", DAYS, "days")
    kept = _whole("GANSCOPE_KEEP_GB", GIGABYTES, "gigabytes")
    cached = _whole("GANSCOPE_CACHE_GB", cache.GIGABYTES, "gigabytes")
    cleaner = Cleaner(runs, days, kept, cached)
    rates = Rates(_whole("GANSCOPE_PER_MINUTE", PER_MINUTE, "requests", 0))
    points, jobs, owners, readers = PointSessions(), Jobs(jobs_elsewhere), Owners(), Readers()
    return Services(
        generators, runs, points, jobs, uploads, roots, owners, readers, classroom, cleaner, rates
    )


def _queues_of_cluster() -> tuple[WorkQueue | None, WorkQueue | None]:
    """The queues of runs and jobs on the cluster that GANSCOPE_RAY names; SystemExit where it cannot be used."""
    address = os.environ.get("GANSCOPE_RAY", "")
    if not address:
        return None, None
    if "GANSCOPE_AT_ONCE" in os.environ:
        raise SystemExit(
            "GANSCOPE_AT_ONCE is for one machine: with GANSCOPE_RAY the cluster's CPUs decide."
        )
    try:
        from demo.backend.work import cluster
    except ImportError:
        raise SystemExit('GANSCOPE_RAY needs Ray: python -m pip install "ganscope[cluster]".') from None
    cpus = _whole("GANSCOPE_RUN_CPUS", 1, "logical CPUs")
    cluster.connect(address)
    return cluster.queue_of_runs(cpus), cluster.queue_of_jobs()


def _whole(variable: str, default: int, unit: str, least: int = 1) -> int:
    """A whole number from `least` on, from the environment; SystemExit for anything else."""
    value = os.environ.get(variable, str(default))
    if not value.isdecimal() or int(value) < least:
        raise SystemExit(f"{variable} must be a number of {unit} from {least} on, not {value!r}.")
    return int(value)
