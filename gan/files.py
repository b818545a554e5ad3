"""The old name of gan.common.files, which snippets and model cards of 0.1 import; kept for one release."""

from gan.common.files import write_bytes as write_bytes
