"""The entry: build the page and serve it. Hugging Face Spaces runs this file."""

import os

# Gradio reads these at import: it rebuilds a usage table at every event, and calls home.
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

from demo.page import launch

if __name__ == "__main__":
    launch()
