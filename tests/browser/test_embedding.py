"""The page as a part of other pages, as in docs/examples: below a path, dark, and as high as they say or it needs."""

import http.server
import threading

import pytest
from helpers.serving import ROOT, serving
from playwright.sync_api import expect

EXAMPLES = ROOT / "docs" / "examples"
PICTURE = ".gs-explore .gs-frame canvas"


@pytest.fixture(scope="module")
def below_a_path(tmp_path_factory):
    """The address of a server that a proxy shows below /ganscope."""
    with serving(tmp_path_factory.mktemp("embedded"), GRADIO_ROOT_PATH="/ganscope") as served:
        yield served.url


@pytest.fixture
def other_site():
    """other_site(content): the address of a page of another origin. Not one that Chromium finds nowhere: such may
    not show in a frame what lies on this machine."""
    servers = []

    def serve(content: str) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, *said):
                pass

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/course.html"

    yield serve
    for server in servers:
        server.shutdown()


def example(name: str, server: str) -> str:
    return (EXAMPLES / name).read_text().replace("http://127.0.0.1:7860", server)


def drags(inside) -> None:
    """A picture is drawn, and another one after a press on Random seed."""
    inside.locator(".gs-explore .gs-strip").first.wait_for(state="attached")
    picture = inside.locator(PICTURE).first
    before = picture.evaluate("canvas => canvas.toDataURL()")
    inside.get_by_role("button", name="Random seed").click()
    expect(picture).to_be_visible()
    for _ in range(600):
        if picture.evaluate("canvas => canvas.toDataURL()") != before:
            return
        picture.page.wait_for_timeout(200)
    pytest.fail("no other picture came")


def test_in_a_frame_of_another_site_it_is_dark_as_high_as_told_and_leaves_the_address(
    visitor, below_a_path, other_site
):
    page, complaints = visitor(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = other_site(example("frame.html", f"{below_a_path}/ganscope"))
    page.goto(address)
    frame = page.frame_locator("iframe")
    drags(frame)
    assert frame.locator("body.dark").count() == 1
    height = page.viewport_size["height"]
    assert page.locator("iframe").bounding_box()["height"] == pytest.approx(0.85 * height, abs=1)
    assert page.url == address and complaints == []


def test_as_an_element_of_a_page_of_the_same_origin_it_is_dark_and_as_high_as_its_content(
    visitor, below_a_path
):
    page, complaints = visitor(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address, content = f"{below_a_path}/course/page.html", example("gradio-app.html", below_a_path)
    page.route(address, lambda route: route.fulfill(body=content, content_type="text/html"))
    page.goto(address)
    drags(page)
    assert page.locator(".dark .gradio-container").count() == 1
    whole, picture = (page.locator(each).first.bounding_box() for each in ("gradio-app", PICTURE))
    assert whole["y"] + whole["height"] >= picture["y"] + picture["height"]
    assert complaints == []
