"""The old name of gan.models.storage, which snippets and model cards of 0.1 import; kept for one release."""

from gan.models.storage import load_generator as load_generator
