"""The science of GANscope: models, losses, training, latent tools, metrics.

Images inside are float32 NCHW in [-1, 1]; at the border (snapshots, files, the page) uint8 NHWC.
This package never imports gradio. Importing it is cheap: each module loads what it needs.
"""

import os

# Both are read by the libraries below PyTorch, the first when PyTorch is imported, the second at the
# first matrix product; what the user has set stays.
# Threads that wait for each other spin a little, then sleep: spinning on, as is GNU OpenMP's default,
# they take the cores that other programs need, and a step beside one may take a hundred times as long.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
# The order of a sum does not depend on where in memory its terms happen to lie, so that the same
# computation gives the same digits each time. It costs nothing that can be measured.
os.environ.setdefault("MKL_CBWR", "AUTO")
