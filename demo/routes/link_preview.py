"""What others see of a link to the page, in messengers and search engines: our title, description and picture.

Gradio's page names Gradio's address and picture; a picture needs the address under which the page was
asked for, so it can only be filled in as the page is sent.
"""

import html
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.routes.empty_page import with_reason
from demo.routes.web_files import file_url

TITLE = "GANscope"
DESCRIPTION = (
    "See a GAN learn, then walk through what it learned: a latent space under sliders, training live."
)
PICTURE = "preview.jpg"
# Gradio writes the page's own address into its configuration.
ROOT = re.compile(rb'"root":\s*"(https?://[^"]+)"')
TAG = r'(<meta\s+(?:property|name)="{}"\s+content=")[^"]*(")'


class LinkPreview:
    """Middleware that fills in the tags of the page's head, and what it says where it stays empty (empty_page.py)."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = scope["type"] == "http" and scope["method"] == "GET" and scope["path"].strip("/") == ""
        await self.app(scope, receive, _Page(send).send if page else send)


class _Page:
    """Collects the page's parts and sends it whole."""

    def __init__(self, send: Send):
        self.send_on, self.start, self.parts = send, None, []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        if message["type"] != "http.response.body":
            await self.send_on(message)
            return
        self.parts.append(message.get("body", b""))
        if message.get("more_body"):
            return
        body = with_reason(with_preview(b"".join(self.parts)))
        headers = [each for each in self.start["headers"] if each[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self.send_on(self.start | {"headers": headers})
        await self.send_on({"type": "http.response.body", "body": body})


def with_preview(page: bytes) -> bytes:
    """The page with its address, description and picture in its head; anything else as it is."""
    root = ROOT.search(page)
    if not root:
        return page
    address = root[1].decode().rstrip("/")
    picture = f"{address}/{file_url(PICTURE)}"
    tags = {
        "og:title": TITLE,
        "twitter:title": TITLE,
        "og:url": address,
        "og:image": picture,
        "twitter:image": picture,
        "og:description": DESCRIPTION,
        "twitter:description": DESCRIPTION,
        "twitter:creator": "",
    }
    for name, content in tags.items():
        tag = re.compile(TAG.format(name).encode())
        page = tag.sub(rb"\g<1>" + html.escape(content).encode() + rb"\g<2>", page)
    return page
