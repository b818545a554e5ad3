"""Two processes with half of each batch, on loopback, against one with all of it."""

import multiprocessing
import socket

import pytest
import torch
import torch.distributed
from helpers import ranks_at_work

from gan.common import ranks

pytestmark = pytest.mark.skipif(
    not torch.distributed.is_available() or not torch.distributed.is_gloo_available(),
    reason="needs gloo",
)


def in_processes(*calls: tuple) -> None:
    """Run (function, arguments) each in a process of its own, at once."""
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=function, args=arguments) for function, *arguments in calls]
    for each in running:
        each.start()
    for each in running:
        each.join(300)
        if each.exitcode is None:
            each.kill()
    assert [each.exitcode for each in running] == [0] * len(running)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """(what one process found, what each of two found, the folder of their runs)."""
    folder = tmp_path_factory.mktemp("ranks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = [(0, 1), (0, 2), (1, 2)]
    in_processes(*((ranks_at_work.work, *place, port, folder) for place in places))
    one, *two = (torch.load(folder / f"{rank} of {count}") for rank, count in places)
    return one, two, folder


@pytest.mark.parametrize("case", ranks_at_work.STEPS)
def test_two_ranks_learn_what_one_process_learns(found, case):
    one, two, _ = found
    for rank in two:
        for name, value in one[case].items():
            # Gradients of biases before batch normalisation are nothing but rounding, which Adam enlarges.
            torch.testing.assert_close(rank[case][name], value, rtol=0, atol=1e-7)
    assert all(torch.equal(two[0][case][name], two[1][case][name]) for name in one[case])


def test_rank_0_alone_shows_and_writes(found):
    one, (first, second), _ = found
    assert first["run"]["steps"][0] == 0 and first["run"]["steps"][-1] == 6
    torch.testing.assert_close(first["run"]["samples"], one["run"]["samples"])
    assert first["run"]["files"] == one["run"]["files"]
    assert "checkpoint.safetensors" in first["run"]["files"]
    assert second["run"] == {"steps": [], "samples": None, "files": []}


def test_a_run_of_two_goes_on_in_one(found, tmp_path):
    one, _, folder = found
    in_processes((ranks_at_work.resumed, folder, 2, tmp_path / "samples"))
    torch.testing.assert_close(torch.load(tmp_path / "samples"), one["run"]["samples"])


def test_either_rank_ends_both_after_the_same_step(found):
    _, (first, second), _ = found
    assert first["stopped"] == [4, 4]
    assert second["stopped"] == [4]
    assert first["closed"] == second["closed"]


def test_rank_0_says_what_any_rank_cannot_do(found):
    _, (first, second), _ = found
    batch, lacks, differs = first["refusals"]
    assert (
        batch == "ValueError: batch=7 cannot be shared equally by 2 processes: choose a multiple of 2."
    )
    assert lacks == "ValueError: The second machine lacks the data."
    assert differs.startswith("ValueError: The processes of this run read different data as ring:")
    assert [each.split(":")[0] for each in second["refusals"]] == ["SaidElsewhere"] * 3


def test_a_rank_that_is_gone_ends_the_run(found):
    _, (first, _), _ = found
    assert first["lost"] == ranks.LOST
