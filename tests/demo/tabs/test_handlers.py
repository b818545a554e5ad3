"""Errors of handlers as messages: the same words, as text."""

import gradio as gr
import pytest

from demo.tabs.handlers import errors_as_messages


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("seed must be from 0 to 5.", "seed must be from 0 to 5."),
        ("There is no method '<img src=x>'.", "There is no method '&lt;img src=x&gt;'."),
        ("a & b", "a &amp; b"),
    ],
)
def test_a_message_that_repeats_markup_shows_it_as_text(words, shown):
    @errors_as_messages
    def refuse():
        raise ValueError(words)

    with pytest.raises(gr.Error) as caught:
        refuse()
    assert caught.value.message == shown
