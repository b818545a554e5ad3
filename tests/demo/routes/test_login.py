"""Where Gradio asks for a login, the page's own routes do too."""

import gradio as gr
import pytest
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from demo.page import serve
from demo.routes.guards import SecurityHeaders
from demo.routes.http import PREFIX
from demo.routes.login import LOG_IN, LoginRequired, accounts


@pytest.fixture(scope="module")
def app():
    async def drawn(request):
        return PlainTextResponse("pixels")

    with gr.Blocks(title="GANscope") as page:
        gr.Markdown("Hello")
    paths = (f"{PREFIX}/pictures", f"{PREFIX}/web/abc/load.js", "/healthz")
    app, *_ = page.launch(
        prevent_thread_lock=True,
        quiet=True,
        auth=[("class", "word")],
        app_kwargs={
            "routes": [Route(path, drawn, methods=["GET", "POST"]) for path in paths],
            "middleware": [Middleware(SecurityHeaders), Middleware(LoginRequired)],
        },
    )
    yield app
    page.close()


def test_without_a_login_nothing_is_drawn_and_with_it_all_is(app):
    seen = TestClient(app, base_url="http://inside")
    for ask in (seen.get, seen.post):
        answer = ask(f"{PREFIX}/pictures")
        assert (answer.status_code, answer.json()) == (401, {"error": LOG_IN})
    assert seen.post("/login", data={"username": "class", "password": "wrong"}).status_code == 400
    assert seen.get(f"{PREFIX}/pictures").status_code == 401
    seen.cookies.set(f"access-token-unsecure-{app.cookie_id}", "forged")
    assert seen.get(f"{PREFIX}/pictures").status_code == 401
    seen.cookies.clear()
    assert seen.post("/login", data={"username": "class", "password": "word"}).status_code == 200
    assert seen.get(f"{PREFIX}/pictures").text == "pixels"
    seen.get("/logout")
    seen.cookies.clear()
    assert seen.get(f"{PREFIX}/pictures").status_code == 401


def test_the_pages_modules_and_its_health_need_none(app):
    seen = TestClient(app, base_url="http://inside")
    assert seen.get(f"{PREFIX}/web/abc/load.js").text == seen.get("/healthz").text == "pixels"
    # A path that only looks like them does.
    assert seen.get(f"{PREFIX}/pictures?x={PREFIX}/web/").status_code == 401


def test_headers_that_browsers_heed(app):
    headers = TestClient(app, base_url="http://inside").get("/healthz").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "content-security-policy" not in headers


def test_who_may_frame_the_page_can_be_said(monkeypatch):
    from starlette.applications import Starlette

    monkeypatch.setenv("GANSCOPE_FRAMES", "'self' https://school.example")
    app = Starlette(
        routes=[Route("/", lambda request: PlainTextResponse("page"))],
        middleware=[Middleware(SecurityHeaders)],
    )
    policy = TestClient(app).get("/").headers["content-security-policy"]
    assert policy == "frame-ancestors 'self' https://school.example"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None),
        (" ", None),
        ("class:word", [("class", "word")]),
        ("a:b, c:d:e", [("a", "b"), ("c", "d:e")]),
    ],
)
def test_accounts_come_from_the_environment(monkeypatch, text, found):
    monkeypatch.setenv("GANSCOPE_LOGIN", text)
    assert accounts() == found


@pytest.mark.parametrize("text", ["class", "class:", ":word", "a:b,c"])
def test_a_login_that_is_none_ends_the_start(monkeypatch, text):
    monkeypatch.setenv("GANSCOPE_LOGIN", text)
    with pytest.raises(SystemExit, match="NAME:PASSWORD"):
        accounts()


def test_tools_and_a_login_do_not_go_together(monkeypatch):
    monkeypatch.setenv("GANSCOPE_LOGIN", "class:word")
    with pytest.raises(SystemExit, match="know no login"):
        serve(None, mcp_server=True)
