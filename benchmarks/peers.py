"""The training steps of two widely used DCGAN scripts, reimplemented from their descriptions.

Each has `g`, `images(count)` in [-1, 1] and `step(real)`, which makes one update of D on real and fake
images and one of G. Settings are the scripts' defaults: float32, Adam with lr 2e-4 and betas (0.5, 0.999),
batch 64, no averaging of the generator's weights.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BATCH = 64
ADAM = {"lr": 2e-4, "betas": (0.5, 0.999)}


class PyTorchExamples:
    """pytorch/examples, dcgan/main.py: 64×64, nz 100, ngf = ndf = 64; D on real, on fake, then G."""

    size = 64

    def __init__(self, channels: int = 3):
        self.g = nn.Sequential(
            *_upsampling(100, 512, 1, 0), *_upsampling(512, 256), *_upsampling(256, 128), *_upsampling(128, 64),
            nn.ConvTranspose2d(64, channels, 4, 2, 1, bias=False), nn.Tanh(),
        )  # fmt: skip
        self.d = nn.Sequential(
            nn.Conv2d(channels, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
            *_downsampling(64, 128), *_downsampling(128, 256), *_downsampling(256, 512),
            nn.Conv2d(512, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
        )  # fmt: skip
        for net in (self.g, self.d):
            net.apply(_init_weights)
        self.g_optim = torch.optim.Adam(self.g.parameters(), **ADAM)
        self.d_optim = torch.optim.Adam(self.d.parameters(), **ADAM)

    def images(self, count: int) -> Tensor:
        return self.g(torch.randn(count, 100, 1, 1))

    def step(self, real: Tensor) -> None:
        ones, zeros = torch.ones(len(real)), torch.zeros(len(real))
        self.d.zero_grad()
        F.binary_cross_entropy(self.d(real).view(-1), ones).backward()
        fake = self.images(len(real))
        F.binary_cross_entropy(self.d(fake.detach()).view(-1), zeros).backward()
        self.d_optim.step()
        self.g.zero_grad()
        F.binary_cross_entropy(self.d(fake).view(-1), ones).backward()
        self.g_optim.step()


class PyTorchGan:
    """eriklindernoren/PyTorch-GAN, implementations/dcgan: 32×32, resize and convolution; G first."""

    size = 32

    def __init__(self, channels: int = 1):
        self.g = nn.Sequential(
            nn.Linear(100, 128 * 8 * 8), nn.Unflatten(1, (128, 8, 8)), nn.BatchNorm2d(128),
            nn.Upsample(scale_factor=2), nn.Conv2d(128, 128, 3, 1, 1),
            nn.BatchNorm2d(128, 0.8), nn.LeakyReLU(0.2, inplace=True),
            nn.Upsample(scale_factor=2), nn.Conv2d(128, 64, 3, 1, 1),
            nn.BatchNorm2d(64, 0.8), nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(64, channels, 3, 1, 1), nn.Tanh(),
        )  # fmt: skip
        blocks = []
        for in_channels, out_channels in ((channels, 16), (16, 32), (32, 64), (64, 128)):
            blocks += [nn.Conv2d(in_channels, out_channels, 3, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
            blocks += [nn.Dropout2d(0.25)]
            blocks += [nn.BatchNorm2d(out_channels, 0.8)] if out_channels > 16 else []
        self.d = nn.Sequential(*blocks, nn.Flatten(), nn.Linear(128 * 2 * 2, 1), nn.Sigmoid())
        for net in (self.g, self.d):
            net.apply(_init_weights)
        self.g_optim = torch.optim.Adam(self.g.parameters(), **ADAM)
        self.d_optim = torch.optim.Adam(self.d.parameters(), **ADAM)

    def images(self, count: int) -> Tensor:
        return self.g(torch.randn(count, 100))

    def step(self, real: Tensor) -> None:
        ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
        self.g_optim.zero_grad()
        fake = self.images(len(real))
        F.binary_cross_entropy(self.d(fake), ones).backward()
        self.g_optim.step()
        self.d_optim.zero_grad()
        d_real, d_fake = self.d(real), self.d(fake.detach())
        loss = F.binary_cross_entropy(d_real, ones) + F.binary_cross_entropy(d_fake, zeros)
        (loss / 2).backward()
        self.d_optim.step()


PEERS = {"pytorch/examples": PyTorchExamples, "PyTorch-GAN": PyTorchGan}


def _init_weights(layer: nn.Module) -> None:
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
        nn.init.zeros_(layer.bias)


def _upsampling(
    in_channels: int, out_channels: int, stride: int = 2, padding: int = 1
) -> list[nn.Module]:
    convolution = nn.ConvTranspose2d(in_channels, out_channels, 4, stride, padding, bias=False)
    return [convolution, nn.BatchNorm2d(out_channels), nn.ReLU(True)]


def _downsampling(in_channels: int, out_channels: int) -> list[nn.Module]:
    convolution = nn.Conv2d(in_channels, out_channels, 4, 2, 1, bias=False)
    return [convolution, nn.BatchNorm2d(out_channels), nn.LeakyReLU(0.2, inplace=True)]
