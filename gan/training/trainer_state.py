"""All that decides how a run goes on, as named tensors: out of a trainer, and back into one."""

import torch
from torch import Tensor, nn

from gan.settings.method import CHOICES
from gan.training.trainer import Trainer

NETS = ("g", "d", "g_ema")
# Choices that may ask for networks of another shape.
SHAPING = tuple(name for name, choice in CHOICES.items() if choice.shapes_networks)
MOMENTS = {"adam": ("step", "exp_avg", "exp_avg_sq"), "rmsprop": ("step", "square_avg")}


def state_of(trainer: Trainer) -> dict[str, Tensor]:
    """Networks, average, optimisers, past means, random state and the counts of steps and images."""
    tensors = {"rng": trainer.rng.get_state()}
    tensors.update({name: torch.tensor(getattr(trainer, name)) for name in ("steps", "images")})
    for name in NETS:
        net = getattr(trainer, name)
        tensors.update({f"{name}.{key}": value for key, value in net.state_dict().items()})
    for name, net, optim in _optimisers(trainer):
        for key, parameter in net.named_parameters():
            for kind, value in optim.state.get(parameter, {}).items():
                tensors[f"{name}.{key}.{kind}"] = value
    for name, means in trainer.past.items():
        tensors.update({f"past.{name}.{index}": mean for index, mean in enumerate(means)})
    return tensors


def put_state(trainer: Trainer, tensors: dict[str, Tensor]) -> None:
    """The inverse of `state_of`; KeyError or RuntimeError if it is another network's."""
    for name in NETS:
        net = getattr(trainer, name)
        net.load_state_dict({key: tensors[f"{name}.{key}"] for key in net.state_dict()})
    kinds = MOMENTS[trainer.method.optimiser]
    for name, net, optim in _optimisers(trainer):
        optim.state.clear()
        # What has not learnt yet has no moments: a new optimiser, and what has not grown so far.
        new = not any(key.startswith(f"{name}.") for key in tensors)
        may_lack = new or trainer.method.model == "progressive"
        for key, parameter in net.named_parameters():
            own = [f"{name}.{key}.{kind}" for kind in kinds]
            if may_lack and not any(each in tensors for each in own):
                continue
            moments = {kind: tensors[each] for kind, each in zip(kinds, own, strict=True)}
            optim.state[parameter] = {
                kind: _laid_out(kind, moment, parameter) for kind, moment in moments.items()
            }
    for name, means in trainer.past.items():
        for index, mean in enumerate(means):
            mean.copy_(tensors[f"past.{name}.{index}"])
    trainer.rng.set_state(tensors["rng"])
    trainer.steps = int(tensors["steps"])
    # Older checkpoints do not count images: with them every step had as many.
    config = trainer.config
    each = config.n_critic * config.batch
    trainer.images = int(tensors["images"]) if "images" in tensors else trainer.steps * each


def carry_over(old: Trainer, new: Trainer) -> None:
    """What `old` has learnt goes into `new`, which learns otherwise from now on.

    The optimisers' moments go along where both have the same kind, the past of historical averaging
    where both have one: else these begin anew, the past as if the weights had always been these.
    ValueError that names the choices if the networks are of other shapes.
    """
    if any(_shapes(getattr(old, name)) != _shapes(getattr(new, name)) for name in NETS):
        raise ValueError(f"{_reshaping(old, new)} changes the networks: start again for it.")
    tensors = state_of(old)
    if old.method.optimiser != new.method.optimiser:
        learnt = tuple(f"{name}." for name, *_ in _optimisers(old))
        tensors = {key: value for key, value in tensors.items() if not key.startswith(learnt)}
    if not old.past:
        for name in new.past:
            weights = enumerate(getattr(old, name).parameters())
            tensors.update({f"past.{name}.{index}": weight.detach() for index, weight in weights})
    put_state(new, tensors)


def _shapes(net: nn.Module) -> dict[str, torch.Size]:
    return {key: value.shape for key, value in net.state_dict().items()}


def _reshaping(old: Trainer, new: Trainer) -> str:
    names = [name for name in SHAPING if getattr(old.method, name) != getattr(new.method, name)]
    return f"Setting {' and '.join(names)} otherwise" if names else "Data of another kind"


def _optimisers(trainer: Trainer) -> tuple[tuple[str, nn.Module, torch.optim.Optimizer], ...]:
    return ("g_optim", trainer.g, trainer.g_optim), ("d_optim", trainer.d, trainer.d_optim)


def _laid_out(kind: str, moment: Tensor, parameter: nn.Parameter) -> Tensor:
    """A saved moment, laid out in memory as its parameter is: the fused Adam does not look."""
    like = torch.zeros((), device=parameter.device) if kind == "step" else parameter
    if moment.shape != like.shape:
        raise RuntimeError(f"{kind} has shape {tuple(moment.shape)}, not {tuple(like.shape)}")
    return torch.empty_like(like, requires_grad=False).copy_(moment)
