"""The page of GANscope. Knows Gradio; the science is in `gan`."""
