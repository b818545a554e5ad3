"""A GAN in one file: from noise it learns to draw discs and rings. It needs PyTorch alone."""

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

SIDE, Z_DIM, BATCH = 16, 32, 32


def real_images(count):
    """Discs and rings of any place and size, half of each: float32 (count, 1, 16, 16) from -1 to 1."""
    x, y = 6 + 4 * torch.rand(2, count, 1, 1)
    radius = 3 + 2 * torch.rand(count, 1, 1)
    places = torch.arange(SIDE)
    outside = torch.hypot(places - x, places[:, None] - y) - radius
    is_ring = torch.rand(count, 1, 1) < 0.5
    return torch.where(is_ring, 1.2 - outside.abs(), -outside).clamp(-1, 1)[:, None]


class Generator(nn.Sequential):
    """Noise (N, 32) -> images (N, 1, 16, 16)."""

    def __init__(self):
        super().__init__(
            nn.Linear(Z_DIM, 64 * 4 * 4),
            nn.Unflatten(1, (64, 4, 4)),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )


class Discriminator(nn.Sequential):
    """Images (N, 1, 16, 16) -> logits (N, 1): above 0 it takes an image for real."""

    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 32, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(32, 64, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(64 * 4 * 4, 1),
        )


def train(steps=1000, seed=0):
    """Train from new networks; after each step it yields what there is to see."""
    torch.manual_seed(seed)
    g, d = Generator(), Discriminator()
    g_optim = torch.optim.Adam(g.parameters(), lr=2e-3, betas=(0.5, 0.99))
    d_optim = torch.optim.Adam(d.parameters(), lr=2e-3, betas=(0.5, 0.99))
    shown_z = torch.randn(64, Z_DIM)
    for step in range(1, steps + 1):
        real = real_images(BATCH)
        fake = g(torch.randn(BATCH, Z_DIM))
        real_logits, fake_logits = d(real), d(fake.detach())
        d_loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
        d_optim.zero_grad()
        d_loss.backward()
        d_optim.step()

        g_loss = F.softplus(-d(fake)).mean()
        g_optim.zero_grad()
        g_loss.backward()
        g_optim.step()
        losses = {"d_loss": d_loss, "g_loss": g_loss}
        yield losses | {"step": step, "g": g, "d": d, "z": shown_z, "real": real}


if __name__ == "__main__":
    for now in train():
        if now["step"] % 200 == 0:
            print(f"step {now['step']}: D's loss {now['d_loss']:.3f}, G's loss {now['g_loss']:.3f}")
    with torch.no_grad():
        samples = ((now["g"](now["z"]) + 1) * 127.5).byte().view(8, 8, SIDE, SIDE)
    sheet = samples.permute(0, 2, 1, 3).reshape(8 * SIDE, 8 * SIDE)
    Path("samples.pgm").write_bytes(b"P5 128 128 255\n" + sheet.numpy().tobytes())
