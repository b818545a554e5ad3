"""The catalogue is whole, and every method in it learns."""

import dataclasses

import pytest
import torch

from gan.checkpoints import read_generator
from gan.data import load_images, to_float
from gan.losses import LOSSES
from gan.methods import FAMILIES, METHODS, NORMS, PRECISIONS, Method, find_method
from gan.metrics import Judge
from gan.trainer import networks
from gan.training import resolve, train


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_an_entry_is_whole_and_its_choices_exist(method):
    assert METHODS[method.name] is find_method(method.name) is method
    for words in (method.title, method.summary, method.paper, method.cures, method.risks):
        assert words == words.strip() != ""
        assert "\n" not in words
    assert method.summary.endswith(".")
    assert any(year in method.paper for year in map(str, range(2014, 2027)))
    assert method.model in FAMILIES
    assert method.d_norm in NORMS
    assert method.loss in LOSSES
    assert method.precision in PRECISIONS
    assert 0 <= method.lr_end <= 1


def test_entries_differ_in_what_they_choose():
    words = {"name", "title", "summary", "paper", "cures", "risks"}
    choices = {field.name for field in dataclasses.fields(Method)} - words
    rows = {tuple(getattr(method, name) for name in sorted(choices)) for method in METHODS.values()}
    assert len(rows) == len(METHODS)


def test_the_classic_recipes_have_the_numbers_of_their_papers():
    for name in ("tutorial", "dcgan"):
        assert (METHODS[name].g_lr, METHODS[name].d_lr) == (2e-4, 2e-4)
        assert METHODS[name].betas[0] == 0.5
    assert METHODS["minimax"].loss == "minimax"
    assert METHODS["tutorial"].n_critic > 1


@pytest.mark.parametrize(
    "name", ["", "QUICK", "adam", None, 1, True, ["quick"], float("nan")], ids=repr
)
def test_an_unknown_method_is_told_all_names(name):
    with pytest.raises(ValueError, match=r"Unknown method .*quick.*minimax"):
        find_method(name)


# Networks this small learn in few steps where D learns more slowly than G; minimax most of all,
# whose gradient vanishes as soon as D is sure.
RATES = {"g_lr": 1e-3, "d_lr": 3e-4}
TUNED = {"minimax": {"g_lr": 2e-3, "d_lr": 2e-4}, "patient": {"g_lr": 5e-4, "d_lr": 5e-4}}
HELD = 500


@pytest.fixture(scope="module")
def ruler():
    """(judge on pictures that no net sees, distance of the best single picture: their mean)."""
    pixels = load_images("shapes", 32, 1, 2 * HELD, split="test").pixels
    judge = Judge("sliced_wasserstein", pixels[:HELD], pixels[HELD:])
    mean = to_float(pixels[:HELD]).mean(0, keepdim=True).expand(HELD, -1, -1, -1)
    return judge, judge.distance(mean)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_learns_more_than_one_picture(name, tiny, ruler, tmp_path):
    judge, one_picture = ruler
    averaged = {"ema_images": 500} if METHODS[name].ema_images else {}
    rates = TUNED.get(name, RATES)
    config = tiny(method=name, steps=240, width=8, z_dim=16, batch=16, limit=800, **averaged, **rates)
    start = judge(networks(resolve(config))[0].eval())
    *_, last = train(config, tmp_path)
    assert (last.step, last.final, last.findings) == (240, True, ())
    end = judge(read_generator(tmp_path))
    # Less than any net reaches that shows one picture only, however good, or none yet.
    assert end.floor < end.distance < 0.6 * start.distance
    assert end.distance < 0.95 * one_picture
    assert torch.from_numpy(last.samples).float().std(0).mean() > 10
