"""The web page of GANscope, in Gradio. Models and training are in `gan`."""
