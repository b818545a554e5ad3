"""The training sessions on points of all pages, one process each (demo/workers/points.py).

The name of a session is random and serves as its access token.
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
    """The client of a session's process, and the time of its last request."""

    client: RpcClient
    last_request: float = field(default_factory=time.monotonic)
    opened: bool = False  # whether a training session was started in the process

    @property
    def ended(self) -> bool:
        """Whether the process has ended."""
        return self.client.child is None


class PointSessions:
    """All sessions of this server."""

    def __init__(self):
        self.sessions: dict[str, Session] = {}
        self.spare: Session | None = None  # a started process for the next page
        self.lock = threading.Lock()

    def close(self) -> None:
        """End all sessions; called when the server stops."""
        for session in [*self.sessions.values(), *([self.spare] if self.spare else [])]:
            session.client.close()

    def acquire(self, instead: object = None) -> tuple[str, Session]:
        """(name, session) for a page: its session `instead` if that is alive, or a new one.

        ValueError if there are `MAX_SESSIONS` already.
        """
        return self._reuse(instead) or self._add()

    def find(self, name: object) -> Session:
        """The session with this name; ValueError if there is none, or if its process has ended."""
        session = self.sessions.get(name) if isinstance(name, str) else None
        if session and not session.ended:
            return session
        self.end(name)
        raise ValueError("This session has ended on the server: press Reset to start again.")

    def _add(self) -> tuple[str, Session]:
        with self.lock:
            oldest = time.monotonic() - IDLE_SECONDS
            for name, session in list(self.sessions.items()):
                if session.last_request < oldest or session.ended:
                    self.end(name)
            if len(self.sessions) >= MAX_SESSIONS:
                raise ValueError(
                    f"{MAX_SESSIONS} training sessions are open already: try again in a minute."
                )
            name, session = secrets.token_urlsafe(12), self._take_spare() or _start_session()
            self.sessions[name] = session
        self.start_spare()
        return name, session

    def _reuse(self, name: object) -> tuple[str, Session] | None:
        """The session that a page already has, if its process is alive."""
        session = self.sessions.get(name) if isinstance(name, str) else None
        if session is None or session.ended:
            self.end(name)
            return None
        session.last_request = time.monotonic()
        return name, session

    def _take_spare(self) -> Session | None:
        spare, self.spare = self.spare, None
        return spare if spare and not spare.ended else None

    def start_spare(self) -> None:
        """Start a spare process, so that the next page does not wait for its imports (seconds)."""
        with self.lock:
            if (self.spare is None or self.spare.ended) and len(self.sessions) < MAX_SESSIONS:
                self.spare = _start_session()

    def end(self, name: object) -> None:
        if isinstance(name, str) and (session := self.sessions.pop(name, None)):
            session.client.close()


def _start_session() -> Session:
    session = Session(RpcClient("demo.workers.points.main", NICENESS, restarts=False))
    session.client.start()
    return session
