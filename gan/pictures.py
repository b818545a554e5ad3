"""The old name of gan.images.encode, which snippets and model cards of 0.1 import; kept for one release."""

from gan.images.encode import png as png
