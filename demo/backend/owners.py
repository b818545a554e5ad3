"""Who owns a run: the browser that started it, which shows a secret token of its own making.

A reloaded page is another session of Gradio, but shows the same token, so it owns its runs as before.
The token comes with the page's first event (demo/tabs/train/ownership.py) and is not kept: an owner is
its SHA-256, which stays on the server. A page without a token, or another program, owns by its session.
"""

import hashlib
import re

MAX_SESSIONS = 20_000
TOKEN = re.compile(r"[0-9a-f]{32}")


class Owners:
    """The owner of each session."""

    def __init__(self):
        self.sessions: dict[str, str] = {}

    def introduce(self, session: str, token: object) -> str:
        """The owner by a token from now on; what is no token changes nothing."""
        if isinstance(token, str) and TOKEN.fullmatch(token):
            self.sessions[session] = "browser " + hashlib.sha256(token.encode()).hexdigest()
            while len(self.sessions) > MAX_SESSIONS:
                self.leave(next(iter(self.sessions)))
        return self.of(session)

    def of(self, session: str) -> str:
        """The owner that a session acts for."""
        return self.sessions.get(session, session)

    def leave(self, session: str) -> None:
        """The page of a session is gone."""
        self.sessions.pop(session, None)
