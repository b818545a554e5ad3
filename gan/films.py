"""The old name of gan.images.video, which snippets and model cards of 0.1 import; kept for one release."""

from gan.images.video import film as film
