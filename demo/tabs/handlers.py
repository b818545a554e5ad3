"""Helpers of the tabs' event handlers: errors as messages."""

import functools
from collections.abc import Callable

import gradio as gr

# Of the page's own events: not for other programs, and no spinner over a picture.
QUIET = {"api_visibility": "private", "show_progress": "hidden"}


def errors_as_messages(handler: Callable) -> Callable:
    """A handler whose ValueErrors reach the user as a message with the same words."""

    @functools.wraps(handler)
    def answer(*arguments, **options):
        try:
            return handler(*arguments, **options)
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return answer
