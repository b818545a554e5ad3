"""The old name of gan.settings.config, which snippets and model cards of 0.1 import; kept for one release."""

from gan.settings.config import TrainConfig as TrainConfig
