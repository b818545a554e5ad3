"""A page that would stay empty has a word to say."""

from demo.routes.empty_page import NO_SCRIPT, with_reason
from demo.routes.web_files import file_url


def test_the_page_says_why_it_is_empty_without_scripts_of_its_own():
    page = with_reason(b"<html><body><gradio-app></gradio-app></body></html>").decode()
    assert f"<noscript><p>{NO_SCRIPT}</p></noscript>" in page
    # A file, since a policy may forbid scripts within the page.
    assert f'<script type="module" src="{file_url("core/policy.js")}"></script></body>' in page


def test_what_is_no_page_stays_as_it_is():
    assert with_reason(b'{"error": "no"}') == b'{"error": "no"}'
