"""Reproducible rendering: on one machine a latent gives the same pixels bit for bit, in any batch.

In float32 a matrix product depends in its last digits on the order of summation, which the library
chooses by batch size, number of threads and, on some processors, the memory address of the arguments. Some
pixels in a million are then rounded to the next of the 256 levels. Here one thread is used, and layers with
such a choice are computed in float64, where the order of summation does not affect the rounded pixel, or as one
product of always the same shape for each picture.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from gan.data.image_tensors import to_uint8
from gan.models.generator import Generator
from gan.models.haar import HaarUp
from gan.models.palette import LARGEST, Mixture, PaletteUp
from gan.models.progressive import averaged_to
from gan.models.wavelet import FAMILIES as WAVELETS

NOTHING = "This generator draws nothing: its weights are so large that pictures are not numbers."
BATCH = 64  # larger ones need more memory and are no faster
PAIR = 2
DRAFT = LARGEST  # side of drafts: for what moves, or is shown small


class ReproducibleRenderer:
    """Renders with a copy, on the CPU, of the generator's current weights.

    With `draft` pictures larger than DRAFT are averaged down to it, or drawn at that side where the family can.
    """

    def __init__(self, generator: Generator, draft: bool = False):
        self.net = copy.deepcopy(generator).cpu().eval().requires_grad_(False)
        self.side = min(generator.size, DRAFT) if draft else generator.size
        if draft:
            for layer in self.net.modules():
                if isinstance(layer, PaletteUp):
                    layer.beyond = 0
        self.batch, self.dtype = BATCH, torch.float32
        fast = torch.backends.mkldnn.is_available()
        # oneDNN's kernels for 4×4 transposed convolutions sum in the same order for every batch size. Others
        # do not: for 3×3 convolutions another algorithm is chosen for a single small image, so that those of the
        # wavelet family always get two.
        if generator.family in WAVELETS and fast:
            _bands_as_pixels(self.net)
            _replace(self.net, _in_order)
            if generator.family == "wavelet":
                self.batch = PAIR
        elif generator.family == "dcgan" and fast:
            _replace(self.net, _dense_in_float64)
        else:
            self.dtype = torch.float64
            self.net.double()
            self.net.dense = _InFloat64(self.net.dense, torch.float64)
        if fast and hasattr(torch.ops.mkldnn, "_convolution_transpose_pointwise"):
            _replace(self.net, _packed)

    @torch.inference_mode()
    def __call__(self, z: Tensor) -> np.ndarray:
        """z (N, z_dim) float32 -> images, uint8 (N, side, side, channels); ValueError if some are NaN."""
        z, count = z.cpu(), len(z)
        if self.batch == PAIR and count % PAIR:
            z = torch.cat([z, z[-1:]])
        with single_thread():
            parts = [self._drawn(part) for part in z.split(self.batch)]
        return np.concatenate(parts)[:count]

    def _drawn(self, z: Tensor) -> np.ndarray:
        images = self.net(z.to(self.dtype))
        if images.isnan().any():
            raise ValueError(NOTHING)
        return to_uint8(averaged_to(images, self.side))


def render(generator: Generator, z: Tensor) -> np.ndarray:
    """z (N, z_dim) float32 -> images of a generator, uint8 (N, size, size, channels).

    On one machine each z gives the same image bit for bit, in any batch; between machines a few pixels may
    differ by one of the 256 levels. ValueError if pixels are NaN, as of weights that overflow.
    """
    return ReproducibleRenderer(generator)(z)


def _bands_as_pixels(net: nn.Module) -> None:
    """Have the stages of haar and palette give the pixels that their bands stand for: one product instead of two."""
    for layer in [layer for layer in net.modules() if isinstance(layer, HaarUp)]:
        for drawn in layer.to_picture:
            weight, drawn.bias.data = layer.as_pixels(drawn)
            drawn.weight.data = weight.T[..., None, None].contiguous()
        layer.haar = nn.PixelShuffle(2)


def _replace(net: nn.Module, other: Callable[[nn.Module], nn.Module | None]) -> None:
    """Put other(layer) in the place of the layers inside `net`; where it is None, go on inside the layer."""
    for name, layer in list(net.named_children()):
        new = other(layer)
        if new is None:
            _replace(layer, other)
        else:
            setattr(net, name, new)


def _dense_in_float64(layer: nn.Module) -> nn.Module | None:
    return _InFloat64(layer, torch.float32) if isinstance(layer, nn.Linear) else None


def _in_order(layer: nn.Module) -> nn.Module | None:
    """Of a dense layer one in float64, of 1×1 convolutions and mixtures those that work picture by picture."""
    if dense := _dense_in_float64(layer):
        return dense
    if isinstance(layer, nn.ConvTranspose2d) and layer.kernel_size == (1, 1):
        return _PixelByPixel(layer)
    return _MixtureByPicture() if isinstance(layer, Mixture) else None


def _packed(layer: nn.Module) -> nn.Module | None:
    """Of a transposed convolution in float32 one that keeps its weight in oneDNN's order."""
    single = isinstance(layer, nn.ConvTranspose2d) and layer.weight.dtype == torch.float32
    return _PackedUp(layer) if single else None


class _InFloat64(nn.Module):
    """A dense layer or a 1×1 convolution computed in float64, with its output converted to `dtype`."""

    def __init__(self, layer: nn.Module, dtype: torch.dtype):
        super().__init__()
        self.layer, self.dtype = layer.double(), dtype
        if isinstance(layer, nn.Linear):
            # Stored column-major, which makes the product for a single z as fast as in float32.
            layer.weight.data = layer.weight.data.t().contiguous().t()

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x.double()).to(self.dtype)


class _PixelByPixel(nn.Module):
    """A 1×1 convolution, transposed as those of to_picture are, as one product for each picture.

    Products of one shape whose arguments begin at multiples of 64 bytes, as those of 4×4 pixels and more do, are
    summed in one order.
    """

    def __init__(self, layer: nn.ConvTranspose2d):
        super().__init__()
        self.weight, self.bias = layer.weight.flatten(1).T.contiguous(), layer.bias[:, None]

    def forward(self, x: Tensor) -> Tensor:
        drawn = [torch.addmm(self.bias, self.weight, one.flatten(1)) for one in x]
        return torch.stack(drawn).unflatten(2, x.shape[2:])


class _MixtureByPicture(Mixture):
    """One product for each picture, of the sums that softmax divides and of those that it divides by."""

    def forward(self, colours: Tensor, logits: Tensor) -> Tensor:
        parts = logits.exp().flatten(2)
        colours = torch.cat([colours, torch.ones_like(colours[:, :1])], 1)
        sums = torch.stack([torch.mm(*pair) for pair in zip(colours, parts, strict=True)])
        return (sums[:, :-1] / sums[:, -1:]).unflatten(2, logits.shape[2:])


class _PackedUp(nn.Module):
    """A transposed convolution whose weight is stored as oneDNN wants it, which else brings it there each time."""

    def __init__(self, layer: nn.ConvTranspose2d):
        super().__init__()
        self.how = (layer.padding, layer.output_padding, layer.stride, layer.dilation, layer.groups)
        self.weight, self.bias, self.packed = layer.weight, layer.bias, None

    def forward(self, x: Tensor) -> Tensor:
        if self.packed is None:
            pack = torch.ops.mkldnn._reorder_convolution_transpose_weight
            # Once the order is chosen, so is the algorithm: for all batches it is that for one picture.
            self.packed = pack(self.weight, *self.how, [1, *x.shape[1:]])
        run = torch.ops.mkldnn._convolution_transpose_pointwise
        return run(x, self.packed, self.bias, *self.how, "none", [], "")


@contextmanager
def single_thread() -> Iterator[None]:
    """One thread for what is computed inside."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
