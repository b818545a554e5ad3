"""What a messenger reads from the page's head: absolute addresses, ours, whatever proxy the page is behind."""

import re

import gradio as gr
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from demo.routes.link_preview import DESCRIPTION, PICTURE, LinkPreview
from demo.routes.web_files import file_url, files


def test_the_head_has_title_description_and_picture_at_the_address_that_was_asked_for():
    with gr.Blocks(title="GANscope") as page:
        gr.Markdown("Hello")
    app, *_ = page.launch(
        prevent_thread_lock=True, quiet=True, app_kwargs={"middleware": [Middleware(LinkPreview)]}
    )
    try:
        seen = TestClient(app, base_url="http://inside")
        forwarded = {"x-forwarded-host": "gan.example", "x-forwarded-proto": "https"}
        for headers, root in (({}, "http://inside"), (forwarded, "https://gan.example")):
            text = seen.get("/", headers=headers).text
            tags = tags_of(text)
            assert tags["og:title"] == tags["twitter:title"] == "GANscope"
            assert 'content="Gradio"' not in text
            assert tags["og:description"] == tags["twitter:description"] == DESCRIPTION
            assert tags["og:url"] == root
            assert tags["og:image"] == tags["twitter:image"] == f"{root}/{file_url(PICTURE)}"
        assert "og:url" not in seen.get("/config").text
    finally:
        page.close()


def tags_of(text):
    return dict(re.findall(r'<meta\s+(?:property|name)="([\w:]+)"\s+content="([^"]*)"', text))


def test_the_picture_is_a_small_jpeg_of_the_shape_that_previews_have():
    from io import BytesIO

    from PIL import Image

    content = files()[PICTURE]
    assert len(content) < 200_000
    assert Image.open(BytesIO(content)).size == (1200, 630)
