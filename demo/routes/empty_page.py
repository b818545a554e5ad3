"""What the page says where it would stay empty: without scripts, or where a policy forbids those that it needs."""

from demo.routes.web_files import file_url

NO_SCRIPT = "GANscope needs JavaScript: allow it for this address."
END = b"</body>"


def with_reason(page: bytes) -> bytes:
    """The page's HTML with a sentence for browsers without scripts, and demo/web/core/policy.js for all others.

    Anything that is no page stays as it is.
    """
    script = f'<script type="module" src="{file_url("core/policy.js")}"></script>'
    added = f"<noscript><p>{NO_SCRIPT}</p></noscript>{script}".encode()
    before, end, after = page.rpartition(END)
    return before + added + end + after if end else page
