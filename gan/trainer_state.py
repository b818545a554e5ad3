"""All that decides how a run goes on, as named tensors: out of a trainer, and back into one."""

import torch
from torch import Tensor, nn

from gan.trainer import Trainer

NETS = ("g", "d", "g_ema")
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


def _optimisers(trainer: Trainer) -> tuple[tuple[str, nn.Module, torch.optim.Optimizer], ...]:
    return ("g_optim", trainer.g, trainer.g_optim), ("d_optim", trainer.d, trainer.d_optim)


def _laid_out(kind: str, moment: Tensor, parameter: nn.Parameter) -> Tensor:
    """A saved moment, laid out in memory as its parameter is: the fused Adam does not look."""
    like = torch.zeros((), device=parameter.device) if kind == "step" else parameter
    if moment.shape != like.shape:
        raise RuntimeError(f"{kind} has shape {tuple(moment.shape)}, not {tuple(like.shape)}")
    return torch.empty_like(like, requires_grad=False).copy_(moment)
