"""What is refused, with the reason, and what is not."""

import pytest

from gan.settings.catalogue import METHODS, find_method
from gan.settings.config import TrainConfig, method_of
from gan.settings.hyperparameters import CHOICES, MAX_UNROLLED, changed
from gan.settings.rules import RULES, check_together

SENSELESS = [
    ("wgan", {"r1": 1.0}, "weight_clip and a slope penalty"),
    ("minimax", {"weight_clip": 0.01}, "could never be sure"),
    ("wgan", {"weight_clip": 0}, "critic of limited slope"),
    ("wgan_gp", {"d_norm": "batch"}, "each picture by itself"),
    ("r1", {"minibatch_discrimination": 8}, "depend on one picture"),
    ("lsgan", {"real_label": 0.9}, "minimax and nonsaturating"),
    ("hinge", {"confidence": 0.1}, "minimax and nonsaturating"),
    ("wgan", {"vat": 1.0}, "minimax and nonsaturating"),
    ("dcgan", {"vat": 1.0}, "ties each to the rest"),
    ("dcgan", {"adversarial": 0}, "nothing to learn from"),
    ("unrolled", {"optimiser": "rmsprop"}, "written for Adam"),
    ("unrolled", {"r1": 1.0}, "three times"),
    ("unrolled", {"loss": "relativistic"}, "judge each picture by itself"),
    ("unrolled", {"freeze_d": 1}, "keeps parts of it"),
    ("unrolled", {"auxiliary": 0.3}, "by a classifier beside it"),
    ("wavelet", {"g_norm": "virtual"}, "where the latent comes in"),
    ("wavelet", {"minibatch_stddev": True}, "where the latent comes in"),
    ("wavelet", {"g_norm": "modulated"}, "where the latent comes in"),
    ("progressive", {"g_norm": "modulated"}, "normalise each pixel"),
    ("minibatch_discrimination", {"batch": 2}, "4 or more"),
    ("minibatch_discrimination", {"batch": 1024, "minibatch_discrimination": 17}, "takes gigabytes"),
    ("progressive", {"d_norm": "batch"}, "normalise each pixel"),
    ("progressive", {"minibatch_stddev": True}, "their own minibatch_stddev"),
    ("dcgan", {"g_norm": "none"}, "small initial weights"),
    ("conditional", {"g_norm": "virtual"}, "reaches G through its batch normalisation"),
    ("progressive", {"orthogonal": 1e-3}, "filters of length one"),
    ("quick", {"depth": 2}, "^depth is for points"),
    ("sngan", {"d_depth": 3}, "^d_depth is for points"),
    ("progressive", {"activation": "tanh"}, "^activation is for points"),
    ("wgan", {"noise": "uniform"}, "^noise is for points"),
]


@pytest.mark.parametrize(("name", "changes", "reason"), SENSELESS, ids=lambda value: str(value)[:40])
def test_the_senseless_is_refused_with_its_reason(name, changes, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        check_together(changed(find_method(name), changes))
    assert "\n" not in str(caught.value)
    own = {key: value for key, value in changes.items() if key in ("batch", "freeze_d")}
    rest = {key: value for key, value in changes.items() if key not in own}
    with pytest.raises(ValueError, match=reason):
        TrainConfig(data="shapes", method=name, changes=rest, **own)


def test_every_rule_is_tried_above_and_no_named_method_breaks_one():
    tried = [changed(find_method(name), changes) for name, changes, _ in SENSELESS]
    tried.append(changed(find_method("quick"), {"model": "mlp", "labels": "required"}))
    for breaks, reason in RULES:
        assert any(breaks(method) for method in tried), reason
        assert not any(breaks(method) for method in METHODS.values())


SENSIBLE = [
    ("wgan", {"spectral_norm": True}),
    ("wgan", {"weight_clip": 0, "spectral_norm": True}),
    ("quick", {"augment": "color,translation", "minibatch_stddev": True}),
    ("r3gan", {"augment": "cutout", "instance_noise": 0.1}),
    ("sngan", {"r1": 0.1, "historical": 0.1, "orthogonal": 1e-4}),
    ("dcgan", {"unroll": MAX_UNROLLED, "feature_matching": 1.0, "real_label": 0.9}),
    ("resnet", {"labels": "required", "spectral_norm": True}),
    ("biggan", {"loss": "lsgan", "g_steps": 2}),
]


@pytest.mark.parametrize(("name", "changes"), SENSIBLE, ids=str)
def test_the_sensible_is_built(name, changes):
    method = method_of(TrainConfig(data="shapes", method=name, changes=changes))
    assert all(getattr(method, key) == value for key, value in changes.items())


def test_networks_of_points_may_be_shaped_and_those_of_pictures_left_as_they_are():
    shaped = {"depth": 1, "d_depth": 8, "activation": "tanh", "noise": "uniform"}
    method = method_of(TrainConfig(data="ring", changes=shaped))
    assert {name: getattr(method, name) for name in shaped} == shaped
    usual = {"depth": 3, "activation": "leaky_relu", "noise": "gaussian"}
    assert method_of(TrainConfig(data="shapes", changes=usual)) == method_of(TrainConfig(data="shapes"))
    with pytest.raises(ValueError, match=r"^depth must be from 1 to 8, not 0\.$"):
        TrainConfig(data="ring", changes={"depth": 0})


def test_looking_far_ahead_is_refused_with_its_cost():
    with pytest.raises(ValueError, match=r"unroll = 1,000 .* about 3,000 times the cost .* 0 to 20"):
        TrainConfig(changes={"unroll": 1000})


BAD = {
    "spectral_norm": [1, "yes", None], "minibatch_stddev": [0], "labels": ["true", True],
    "loss": ["gan", None], "augment": ["colour", "color,,cutout", 3], "vat_radius": [float("nan"), 0],
    "weight_clip": [-1, True], "unroll": [-1, 1.5, float("inf")], "slope_at": ["real"],
    "beta1": [1.0, "0.5"], "real_label": [0.2, 2], "minibatch_discrimination": [-3, 1000],
    "penalty_every": [0], "g_steps": [0, 21], "noise_until": [0],
    "depth": [0, 9, 2.5, True, "3"], "d_depth": [0, 9, None], "activation": ["gelu", "", 1],
    "noise": ["normal", None],
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_values_are_named(name):
    assert set(CHOICES) >= set(BAD)
    for value in BAD[name]:
        with pytest.raises(ValueError, match=name.replace("augment", "augment")) as caught:
            TrainConfig(changes={name: value})
        assert "\n" not in str(caught.value)


def test_unknown_and_misplaced_changes_are_refused():
    with pytest.raises(ValueError, match=r"no setting called 'sigma'.*spectral_norm"):
        TrainConfig(changes={"sigma": 1})
    with pytest.raises(ValueError, match="batch is a setting of its own"):
        TrainConfig(changes={"batch": 16})
    for wrong in (None, [], "spectral_norm"):
        with pytest.raises(ValueError, match="changes must map"):
            TrainConfig(changes=wrong)


def test_points_and_pictures_do_not_mix():
    with pytest.raises(ValueError, match="is not for ring: choose mlp"):
        TrainConfig(data="ring", model="dcgan")
    with pytest.raises(ValueError, match="is not for shapes: choose dcgan"):
        TrainConfig(data="shapes", model="mlp")
    for name in ("diffaugment", "progressive", "conditional"):
        with pytest.raises(ValueError, match="makes no sense for points"):
            TrainConfig(data="ring", method=name)
    with pytest.raises(ValueError, match="for pictures, not for points"):
        TrainConfig(data="ring", changes={"augment": "color"})
