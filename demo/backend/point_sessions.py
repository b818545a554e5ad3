"""The training sessions on points of all pages, one process each (demo/workers/points.py).

A session's name is a secret of its page: whoever does not know it cannot reach it.
"""

import secrets
import threading
import time
from dataclasses import dataclass, field

from demo.backend.rpc import RpcClient
from demo.backend.run_queue import NICENESS

MOST_SESSIONS = 40
SILENT_SECONDS = 600.0


@dataclass
class Session:
    """The client of a session's process, and when it was last asked for anything."""

    client: RpcClient
    asked: float = field(default_factory=time.monotonic)
    opened: bool = False

    @property
    def ended(self) -> bool:
        """Whether its process has ended, by itself or by another hand."""
        return self.client.child is None


class PointSessions:
    """All sessions of this server."""

    def __init__(self):
        self.sessions: dict[str, Session] = {}
        self.spare: Session | None = None  # ready for whoever comes next
        self.lock = threading.Lock()

    def close(self) -> None:
        """End all sessions; called when the server stops."""
        for session in [*self.sessions.values(), *([self.spare] if self.spare else [])]:
            session.client.close()

    def take(self, instead: object = None) -> tuple[str, Session]:
        """A session for a page: the process of its session `instead`, or another."""
        if session := self._alive(instead):
            session.asked = time.monotonic()
            return instead, session
        return self._add()

    def find(self, name: object) -> Session:
        """The session of that name; ValueError if its process has ended."""
        if session := self._alive(name):
            return session
        raise ValueError("This session has ended here: press Reset to begin it anew.")

    def _alive(self, name: object) -> Session | None:
        """The session of that name; one whose process has ended is forgotten."""
        session = self.sessions.get(name) if isinstance(name, str) else None
        if session is None or session.ended:
            self.end(name)
            return None
        return session

    def _add(self) -> tuple[str, Session]:
        with self.lock:
            silent = time.monotonic() - SILENT_SECONDS
            for name, session in list(self.sessions.items()):
                if session.asked < silent or session.ended:
                    self.end(name)
            if len(self.sessions) >= MOST_SESSIONS:
                raise ValueError(f"{MOST_SESSIONS} people play already: try again in a minute.")
            name, session = secrets.token_urlsafe(12), self._take_spare() or _begun()
            self.sessions[name] = session
        self.prepare()
        return name, session

    def _take_spare(self) -> Session | None:
        spare, self.spare = self.spare, None
        return spare if spare and not spare.ended else None

    def prepare(self) -> None:
        """Start a process for whoever comes next: a process's first session costs seconds of imports."""
        with self.lock:
            if (self.spare is None or self.spare.ended) and len(self.sessions) < MOST_SESSIONS:
                self.spare = _begun()

    def end(self, name: object) -> None:
        if isinstance(name, str) and (session := self.sessions.pop(name, None)):
            session.client.close()


def _begun() -> Session:
    session = Session(RpcClient("demo.workers.points.main", NICENESS, restarts=False))
    session.client.begin()
    return session
