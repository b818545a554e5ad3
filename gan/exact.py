"""The old name of gan.latent.text, which snippets and model cards of 0.1 import; kept for one release."""

from gan.latent.text import unpack as unpack
