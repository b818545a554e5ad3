"""Middleware: who has not logged in gets none of the page's routes, where Gradio asks for a login.

Gradio checks its own routes and knows nothing of ours; both go by the cookie that it sets.
"""

import os
from http.cookies import SimpleCookie

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from demo.routes.http import PREFIX

LOG_IN = "Log in first."
NO_TOOLS = "Tools for assistants (--mcp) know no login: leave one of GANSCOPE_LOGIN and --mcp out."
PUBLIC = f"{PREFIX}/web/"  # modules and styles: the same for everybody, and part of the page that asks for the login


def accounts() -> list[tuple[str, str]] | None:
    """Who may log in, (name, password), by GANSCOPE_LOGIN: "class:word", or several parted by commas; None: all may.

    SystemExit for anything else.
    """
    text = os.environ.get("GANSCOPE_LOGIN", "").strip()
    found = [tuple(part.strip().split(":", 1)) for part in text.split(",") if part.strip()]
    if any(len(account) != 2 or not all(account) for account in found):
        raise SystemExit("GANSCOPE_LOGIN must be NAME:PASSWORD, or several parted by commas.")
    return found or None


class LoginRequired:
    """Refuses requests to our routes by those who have not logged in."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        ours = scope["type"] == "http" and PREFIX in path and PUBLIC not in path
        if ours and not logged_in(scope):
            await JSONResponse({"error": LOG_IN}, status_code=401)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def logged_in(scope: Scope) -> bool:
    """Whether the app asks for no login, or its cookie says that there was one."""
    app = scope["app"]
    if getattr(app, "auth", None) is None:
        return True
    cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    return any(name in cookies and cookies[name].value in app.tokens for name in names)
