from gan import _old_names

# Snippets and model cards of 0.1 import these from here; kept for one release.
__getattr__ = _old_names(__name__, "train")
