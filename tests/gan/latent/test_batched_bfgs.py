"""Batched BFGS: the properties of the updated Hessian, and convergence of each row."""

import torch

from gan.latent.batched_bfgs import Descent, Evaluation, bfgs


def rows(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


def valley(z, owner):
    """Rosenbrock's function of two numbers, with owner as the place of its only minimum (o, o²)."""
    z = z.detach().requires_grad_()
    loss = (owner - z[:, 0]).square() + 100 * (z[:, 1] - z[:, 0].square()).square()
    with torch.enable_grad():
        (gradient,) = torch.autograd.grad(loss.sum(), z)
    return Evaluation(loss.detach(), loss.detach(), torch.zeros(len(z), 1, 1, 1), gradient)


def descent(z, owner):
    return Descent(valley, z, owner, valley(z, owner), 0.01 * torch.eye(2).repeat(len(z), 1, 1))


def test_the_updated_hessian_meets_the_secant_equation_and_stays_positive():
    half = rows(3, 5, 5)
    inverse = half @ half.mT + 0.1 * torch.eye(5)
    move, change = rows(3, 5), rows(3, 5) * 0.3 + rows(3, 5)
    change[2] = -move[2]  # no positive curvature
    change[1] = move[1] * torch.tensor([1.0, 2, 3, 4, 5])
    change[0] = 2 * move[0]
    updated = bfgs(inverse, move, change)
    explained = (updated @ change[..., None])[..., 0]
    assert torch.allclose(explained[:2], move[:2], atol=1e-4)
    assert torch.allclose(updated, updated.mT, atol=1e-4)
    assert torch.linalg.eigvalsh(updated).min() > 0
    assert torch.equal(updated[2], inverse[2])


def test_rows_find_their_own_minimum_along_a_curved_valley():
    owner = torch.tensor([1, -1])
    search = descent(torch.tensor([[-1.2, 1.0], [1.2, -0.5]]), owner)
    for _ in range(400):
        search.step()
    assert torch.allclose(search.z, torch.tensor([[1.0, 1.0], [-1.0, 1.0]]), atol=0.02)


def test_loss_never_rises_and_the_evaluation_is_that_of_z():
    search = descent(rows(4, 2), torch.tensor([0, 1, 1, -1]))
    for _ in range(30):
        before = search.evaluation.loss.clone()
        search.step()
        assert (search.evaluation.loss <= before).all()
        seen = valley(search.z, search.owner)
        assert torch.allclose(search.evaluation.loss, seen.loss)
        assert torch.allclose(search.evaluation.gradient, seen.gradient)


def test_a_converged_row_stays_and_those_kept_go_on_as_they_would():
    start, owner = rows(3, 2), torch.tensor([0, 1, 2])
    together, alone = descent(start.clone(), owner), descent(start[[2]].clone(), owner[[2]])
    together.converged[0] = True
    together.step()
    alone.step()
    assert torch.equal(together.z[0], start[0])
    together.keep(torch.tensor([2, 0]))
    for _ in range(5):
        together.step()
        alone.step()
    assert torch.equal(together.z[1], start[0])
    assert torch.allclose(together.z[0], alone.z[0], atol=1e-6)
    assert together.owner.tolist() == [2, 0]


def test_a_step_to_nan_is_rejected():
    def broken(z, owner):
        seen = valley(z, owner)
        return Evaluation(*(torch.full_like(x, torch.nan) for x in vars(seen).values()))

    search = descent(rows(2, 2), torch.tensor([0, 1]))
    search.objective, before = broken, search.z.clone()
    search.step()
    assert torch.equal(search.z, before)
    assert search.inverse.isfinite().all()
