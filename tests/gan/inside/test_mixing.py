"""Mixing of latents: what each of the two decides."""

import numpy as np
import pytest
import torch
from helpers.fresh_generator import fresh_generator
from PIL import Image

from gan.cli.parser import main
from gan.inside.mixing import entrances, matrix, mix
from gan.latent.vectors import seed_latents
from gan.models.layers import ModulatedBatchNorm2d
from gan.models.palette import PaletteUp
from gan.models.render import render
from gan.models.storage import load_generator
from gan.settings.config import IMAGE_FAMILIES

ONE, OTHER = seed_latents([1], 16), seed_latents([2], 16)


@pytest.mark.parametrize("family", IMAGE_FAMILIES)
def test_families_that_take_z_once_say_so(family):
    made = fresh_generator(family)
    if family in ("palette", "wavelet"):
        assert entrances(made)
        return
    with pytest.raises(ValueError, match="takes z at its first layer alone"):
        mix(made, ONE, OTHER)


@pytest.mark.parametrize("family", ["dcgan", "tutorial", "resnet", "haar", "palette"])
def test_modulated_networks_take_it_at_each_side(family):
    made = fresh_generator(family, norm="modulated")
    # As a run leaves them: at first z hardly modulates anything.
    for layer in made.modules():
        if isinstance(layer, ModulatedBatchNorm2d):
            torch.nn.init.normal_(
                layer.affine.weight, 0.0, 0.3, generator=torch.Generator().manual_seed(3)
            )
    names = [each.name for each in entrances(made)]
    assert names[:2] == ["4×4 and finer", "8×8 and finer"]
    own = made(ONE)
    changes = [
        float((mix(made, ONE, OTHER, level=level) - own).abs().mean()) for level in range(len(names))
    ]
    assert min(changes) > 1e-3


@pytest.mark.parametrize(
    ("family", "norm"), [("palette", "batch"), ("wavelet", "batch"), ("dcgan", "modulated")]
)
@pytest.mark.parametrize("classes", [0, 3])
def test_a_share_of_nothing_or_of_oneself_changes_nothing(family, norm, classes):
    made = fresh_generator(family, norm=norm, classes=classes)
    own = made(ONE)
    torch.testing.assert_close(mix(made, ONE, OTHER, share=0.0), own)
    torch.testing.assert_close(mix(made, ONE, ONE), own)
    assert (mix(made, ONE, OTHER) - own).abs().max() > 1e-3
    assert not any(each._forward_pre_hooks for each in made.modules())


def test_forms_are_of_one_and_colours_of_the_other():
    made = load_generator("faces")
    (up,) = [layer for layer in made.modules() if isinstance(layer, PaletteUp)]
    seen = []
    hook = up.mix.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs))
    one, other = seed_latents([5], 64), seed_latents([11], 64)
    with torch.no_grad():
        made(one), made(other)
    (_, forms), (colours, _) = seen
    hook.remove()
    expected = up.mix(colours, forms).tanh()
    torch.testing.assert_close(mix(made, one, other), expected, atol=1e-5, rtol=0)


def test_the_last_entrances_of_a_wavelet_network_change_only_details():
    made = fresh_generator("wavelet")
    assert [each.name for each in entrances(made)] == [
        "8×8 and finer", "16×16 and finer", "32×32 and finer",
    ]  # fmt: skip
    own = made(ONE)
    changes = [float((mix(made, ONE, OTHER, level=level) - own).abs().mean()) for level in range(3)]
    assert changes[0] > changes[1] > changes[2] > 0


def test_a_matrix_has_the_forms_of_its_columns_and_the_colours_of_its_rows():
    made = fresh_generator("palette")
    columns, rows = seed_latents([1, 2, 3], 16), seed_latents([4, 5], 16)
    pictures = matrix(made, columns, rows)
    assert pictures.shape == (6, 3, 64, 64)
    torch.testing.assert_close(pictures[4:5], mix(made, columns[1:2], rows[1:2]), atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    "values", [{"share": 1.1}, {"share": float("nan")}, {"level": 1}, {"level": -1}, {"fine": ONE.repeat(2, 1)}]
)  # fmt: skip
def test_wrong_values_are_refused(values):
    with pytest.raises(ValueError, match="must be"):
        mix(fresh_generator("palette"), ONE, **{"fine": OTHER, **values})


def test_the_command_draws_the_grid_with_its_heads(tmp_path, capsys):
    out = tmp_path / "mixed.png"
    arguments = ["mix", "--model", "faces", "--forms", "5,7", "--colours", "11", "--out", str(out)]
    assert main(arguments) == 0
    assert "2 mixtures in" in capsys.readouterr().out
    with Image.open(out) as image:
        assert image.size == (3 * 128, 2 * 128)
        head = np.asarray(image.convert("RGB").crop((128, 0, 256, 128))).astype(int)
    assert np.abs(head - render(load_generator("faces"), seed_latents([5], 64))[0]).max() <= 1
    for wrong, words in (
        (["--share", "2"], "share must be"),
        (["--forms", "0-999"], "at most 1,000"),
        (["--forms", "0-399"], "of at most 16,384"),
    ):
        assert main([*arguments, *wrong]) == 2
        assert words in capsys.readouterr().err
