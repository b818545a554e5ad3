"""The training sessions on points of all pages, one process each (demo/workers/points.py).

The name of a session is random and serves as its access token.
"""

import secrets
import threading
import time
from dataclasses import dataclass, field

from demo.backend.runs.queue import NICENESS
from demo.backend.work.rpc import RpcClient

MAX_SESSIONS = 40
# Of one network address, which a whole class may share: the others are for everybody else.
MAX_PER_CALLER = 30
# Where there is no room, a session that nobody has asked for so long makes some.
RESTING_SECONDS = 60.0
IDLE_SECONDS = 600.0


@dataclass
class Session:
    """The client of a session's process, and the time of its last request."""

    client: RpcClient
    last_request: float = field(default_factory=time.monotonic)
    caller: str = ""  # the address that opened it
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

    def acquire(self, instead: object = None, caller: str = "") -> tuple[str, Session]:
        """(name, session) for a page: its session `instead` if that is alive, or a new one.

        `caller` is the address that asks. ValueError if there are `MAX_SESSIONS` already, or
        `MAX_PER_CALLER` of it, and all are in use.
        """
        return self._reuse(instead) or self._add(caller)

    def find(self, name: object) -> Session:
        """The session with this name; ValueError if there is none, or if its process has ended."""
        session = self.sessions.get(name) if isinstance(name, str) else None
        if session and not session.ended:
            return session
        self.end(name)
        raise ValueError("This session has ended on the server: press Reset to start again.")

    def _add(self, caller: str) -> tuple[str, Session]:
        with self.lock:
            oldest = time.monotonic() - IDLE_SECONDS
            for name, session in list(self.sessions.items()):
                if session.last_request < oldest or session.ended:
                    self.end(name)
            self._make_room(caller)
            name, session = secrets.token_urlsafe(12), self._take_spare() or _start_session()
            session.caller, session.last_request = caller, time.monotonic()
            self.sessions[name] = session
        self.start_spare()
        return name, session

    def _make_room(self, caller: str) -> None:
        """End the session that was left longest, where one more would be too many; ValueError if none was."""
        mine = [name for name, session in self.sessions.items() if session.caller == caller]
        whose = ""
        if len(self.sessions) >= MAX_SESSIONS:
            mine = list(self.sessions)
        elif len(mine) >= MAX_PER_CALLER:
            whose = " from your network address"
        else:
            return
        left = min(mine, key=lambda name: self.sessions[name].last_request)
        if time.monotonic() - self.sessions[left].last_request < RESTING_SECONDS:
            raise ValueError(
                f"{len(mine)} training sessions are open{whose} already: try again in a minute."
            )
        self.end(left)

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
