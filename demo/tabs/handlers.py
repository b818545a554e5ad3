"""Helpers for event handlers of Gradio."""

import functools
import html
from collections.abc import Callable

import gradio as gr

from demo.backend.public_text import public_text

# Options of the page's events: no endpoints for other programs, and no spinner.
QUIET = {"api_visibility": "private", "show_progress": "hidden"}


def page_error(message: str) -> gr.Error:
    """The error that shows `message` to the user: as text, for it may repeat what came by a link.

    Gradio shows messages as HTML. Where on the server things lie is left out.
    """
    return gr.Error(html.escape(public_text(message), quote=False), print_exception=False)


def errors_as_messages(handler: Callable) -> Callable:
    """Wrap a handler: its ValueErrors are shown to the user (gr.Error with the same message)."""

    @functools.wraps(handler)
    def answer(*arguments, **options):
        try:
            return handler(*arguments, **options)
        except gr.Error:  # a ValueError as well
            raise
        except ValueError as error:
            raise page_error(str(error)) from None

    return answer
