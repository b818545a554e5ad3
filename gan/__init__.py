"""The science of GANscope: models, losses, training, latent tools, metrics.

Images inside are float32 NCHW in [-1, 1]; at the border (snapshots, files, the page) uint8 NHWC.
This package never imports gradio. Importing it is cheap: each module loads what it needs.
"""
