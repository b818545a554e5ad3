"""The training sessions on points of all pages, one process each (demo/workers/points.py).

A session's name is a secret of its page: whoever does not know it cannot reach it.
"""

import secrets
import threading
import time
from dataclasses import dataclass, field

from demo.backend.rpc import RpcClient
from demo.backend.run_queue import NICENESS

MAX_SESSIONS = 40
IDLE_SECONDS = 600.0


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
        return self._reused(instead) or self._add()

    def find(self, name: object) -> Session:
        """The session of that name; one whose process has ended is forgotten."""
        session = self.sessions.get(name) if isinstance(name, str) else None
        if session and not session.ended:
            return session
        self.end(name)
        raise ValueError("This session has ended on the server: press Reset to start again.")

    def _add(self) -> tuple[str, Session]:
        with self.lock:
            silent = time.monotonic() - IDLE_SECONDS
            for name, session in list(self.sessions.items()):
                if session.asked < silent or session.ended:
                    self.end(name)
            if len(self.sessions) >= MAX_SESSIONS:
                raise ValueError(f"{MAX_SESSIONS} people play already: try again in a minute.")
            name, session = secrets.token_urlsafe(12), self._take_spare() or _begun()
            self.sessions[name] = session
        self.prepare()
        return name, session

    def _reused(self, name: object) -> tuple[str, Session] | None:
        """A page's own session, whose process serves its next one as well."""
        session = self.sessions.get(name) if isinstance(name, str) else None
        if session is None or session.ended:
            self.end(name)
            return None
        session.asked = time.monotonic()
        return name, session

    def _take_spare(self) -> Session | None:
        spare, self.spare = self.spare, None
        return spare if spare and not spare.ended else None

    def prepare(self) -> None:
        """Start a process for whoever comes next: a process's first session costs seconds of imports."""
        with self.lock:
            if (self.spare is None or self.spare.ended) and len(self.sessions) < MAX_SESSIONS:
                self.spare = _begun()

    def end(self, name: object) -> None:
        if isinstance(name, str) and (session := self.sessions.pop(name, None)):
            session.client.close()


def _begun() -> Session:
    session = Session(RpcClient("demo.workers.points.main", NICENESS))
    session.client.start()
    return session
