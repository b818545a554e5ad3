"""Helpers for event handlers of Gradio."""

import functools
from collections.abc import Callable

import gradio as gr

# Options of the page's events: no endpoints for other programs, and no spinner.
QUIET = {"api_visibility": "private", "show_progress": "hidden"}


def errors_as_messages(handler: Callable) -> Callable:
    """Wrap a handler: its ValueErrors are shown to the user (gr.Error with the same message)."""

    @functools.wraps(handler)
    def answer(*arguments, **options):
        try:
            return handler(*arguments, **options)
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return answer
