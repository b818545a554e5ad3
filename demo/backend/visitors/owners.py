"""Owners of runs. The owner is the browser that started a run, identified by a secret token it made.

A reloaded page is a new Gradio session, but sends the same token, so it still owns its runs. The token
comes with the page's first event (demo/tabs/train/ownership.py) and is not stored: an owner is its
SHA-256, which stays on the server. Pages without a token, and other programs, are owners by session.
"""

import hashlib
import re

MAX_SESSIONS = 20_000
MAX_MINUTES = 24 * 60
TOKEN = re.compile(r"[0-9a-f]{32}")


class Owners:
    """Maps Gradio sessions to owners, and to the time on their clocks."""

    def __init__(self):
        self.sessions: dict[str, str] = {}
        self.minutes: dict[str, int] = {}  # session -> how far its clock is ahead of UTC

    def register(self, session: str, token: object, minutes: object = 0) -> str:
        """Set the session's owner by its token and return it; an invalid token changes nothing."""
        if owner := self.owner_by(token):
            self.sessions[session] = owner
            if isinstance(minutes, int | float) and abs(minutes) <= MAX_MINUTES:
                self.minutes[session] = int(minutes)
            while len(self.sessions) > MAX_SESSIONS:
                self.forget(next(iter(self.sessions)))
        return self.owner_of(session)

    @staticmethod
    def owner_by(token: object) -> str:
        """The owner that a browser's token stands for; "" for what is none."""
        if not (isinstance(token, str) and TOKEN.fullmatch(token)):
            return ""
        return "browser " + hashlib.sha256(token.encode()).hexdigest()

    def owner_of(self, session: str) -> str:
        """The owner registered for a session, or the session itself."""
        return self.sessions.get(session, session)

    def forget(self, session: str) -> None:
        """Drop a session whose page was closed."""
        self.sessions.pop(session, None)
        self.minutes.pop(session, None)
