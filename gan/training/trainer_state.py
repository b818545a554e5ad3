"""The full state of a trainer as named tensors, for checkpoints and for a change of settings."""

import torch
from torch import Tensor, nn

from gan.settings.hyperparameters import CHOICES, GROWING
from gan.training.trainer import Trainer

NETS = ("g", "d", "g_ema")
AUXILIARY = "auxiliary"
SHAPING = tuple(name for name, choice in CHOICES.items() if choice.shapes_networks)
MOMENTS = {"adam": ("step", "exp_avg", "exp_avg_sq"), "rmsprop": ("step", "square_avg")}


def state_of(trainer: Trainer) -> dict[str, Tensor]:
    """Networks, EMA, optimisers, means of past weights, random state and the counts of steps and images."""
    tensors = {"rng": trainer.rng.get_state()}
    tensors.update({name: torch.tensor(getattr(trainer, name)) for name in ("steps", "images")})
    for name, net in _networks(trainer):
        tensors.update({f"{name}.{key}": value for key, value in net.state_dict().items()})
    for name, net, optim in _optimisers(trainer):
        for key, parameter in net.named_parameters():
            for kind, value in optim.state.get(parameter, {}).items():
                tensors[f"{name}.{key}.{kind}"] = value
    for name, means in trainer.past.items():
        tensors.update({f"past.{name}.{index}": mean for index, mean in enumerate(means)})
    return tensors


def put_state(trainer: Trainer, tensors: dict[str, Tensor]) -> None:
    """The inverse of `state_of`; KeyError or RuntimeError for the state of other networks."""
    for name, net in _networks(trainer):
        if name == AUXILIARY and not any(key.startswith(f"{name}.") for key in tensors):
            continue  # the trainer before had none: this one starts anew
        net.load_state_dict({key: tensors[f"{name}.{key}"] for key in net.state_dict()})
    kinds = MOMENTS[trainer.method.optimiser]
    for name, net, optim in _optimisers(trainer):
        optim.state.clear()
        # Parameters without an update have no moments: all in a new optimiser, and layers that a
        # growing network has not grown yet.
        new = not any(key.startswith(f"{name}.") for key in tensors)
        may_lack = new or trainer.method.model in GROWING
        for key, parameter in net.named_parameters():
            if not parameter.requires_grad:
                continue  # frozen
            names = {kind: f"{name}.{key}.{kind}" for kind in kinds}
            if may_lack and not tensors.keys() & names.values():
                continue
            optim.state[parameter] = {
                kind: _with_layout_of(parameter, kind, tensors[each]) for kind, each in names.items()
            }
    for name, means in trainer.past.items():
        for index, mean in enumerate(means):
            mean.copy_(tensors[f"past.{name}.{index}"])
    trainer.rng.set_state(tensors["rng"])
    trainer.steps = int(tensors["steps"])
    # Older checkpoints do not count images: with them every step had as many.
    each = trainer.config.n_critic * trainer.config.batch
    trainer.images = int(tensors.get("images", trainer.steps * each))


def carry_over(old: Trainer, new: Trainer) -> None:
    """Copy the state of `old` into `new`, a trainer with other settings.

    Optimiser moments are copied where both have the same kind of optimiser, else they start at 0; the
    means of historical averaging where both have them, else they start at the present weights.
    ValueError that names the settings if the networks have other shapes.
    """
    if any(_shapes(getattr(old, name)) != _shapes(getattr(new, name)) for name in NETS):
        names = [name for name in SHAPING if getattr(old.method, name) != getattr(new.method, name)]
        what = f"Setting {' and '.join(names)} otherwise" if names else "Data of another kind"
        raise ValueError(f"{what} changes the networks: start again for it.")
    tensors = state_of(old)
    if old.method.optimiser != new.method.optimiser:
        moments = tuple(f"{name}." for name, *_ in _optimisers(old))
        tensors = {key: value for key, value in tensors.items() if not key.startswith(moments)}
    if not old.past:
        for name in new.past:
            weights = enumerate(getattr(old, name).parameters())
            tensors.update({f"past.{name}.{index}": weight.detach() for index, weight in weights})
    put_state(new, tensors)


def _shapes(net: nn.Module) -> dict[str, torch.Size]:
    return {key: value.shape for key, value in net.state_dict().items()}


def _networks(trainer: Trainer) -> list[tuple[str, nn.Module]]:
    beside = [(AUXILIARY, trainer.auxiliary.net)] if trainer.auxiliary else []
    return [*((name, getattr(trainer, name)) for name in NETS), *beside]


def _optimisers(trainer: Trainer) -> list[tuple[str, nn.Module, torch.optim.Optimizer]]:
    own = [("g_optim", trainer.g, trainer.g_optim), ("d_optim", trainer.d, trainer.d_optim)]
    if trainer.auxiliary:
        own.append((f"{AUXILIARY}_optim", trainer.auxiliary.net, trainer.auxiliary.optimiser))
    return own


def _with_layout_of(parameter: nn.Parameter, kind: str, moment: Tensor) -> Tensor:
    """A saved moment in the memory layout of its parameter, which the fused Adam assumes."""
    like = torch.zeros((), device=parameter.device) if kind == "step" else parameter
    if moment.shape != like.shape:
        raise RuntimeError(f"{kind} has shape {tuple(moment.shape)}, not {tuple(like.shape)}")
    return torch.empty_like(like, requires_grad=False).copy_(moment)
