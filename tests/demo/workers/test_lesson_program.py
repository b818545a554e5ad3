"""What becomes of the tutorial's program: the job says what it measured."""

import pytest
import torch

from demo.lessons.bugs import program
from demo.workers.tasks.lesson_program import judge, run

REALS = torch.rand(40, 1, 4, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1
NOISE = torch.rand(64, 1, 4, 4, generator=torch.Generator().manual_seed(1)) * 2 - 1


@pytest.mark.parametrize(
    ("first", "last", "outcome"),
    [
        (NOISE, NOISE, "frozen"),
        (NOISE, NOISE[:1].expand_as(NOISE), "alike"),
        (NOISE, NOISE.sign() * 9, "noise"),
        (-NOISE, NOISE, "learns"),
    ],
)
def test_the_outcome_follows_from_what_is_measured(first, last, outcome):
    assert judge(first, last, REALS)["outcome"] == outcome


def test_the_numbers_of_a_judgement():
    first, last = torch.zeros(64, 1, 2, 2), torch.ones(64, 1, 2, 2)
    reals = torch.cat([torch.zeros(2, 1, 2, 2), torch.full((2, 1, 2, 2), 0.5)])
    # A pixel of the reals is 0, 0, ½, ½: nothing varies in the samples; they are 2 from the nearest real picture
    # (all 0), and the other reals 1.
    assert judge(first, last, reals)["facts"] == {"moved": 1.0, "variety": 0.0, "distance": 2.0}


@pytest.mark.parametrize(
    ("bug", "outcome"), [("uint8", "frozen"), ("wrong_network", "frozen"), ("stride", "error")]
)
def test_bugs_that_show_at_once(bug, outcome):
    *_, last = run(program(bug), seconds=0.5)
    assert last["outcome"] == outcome
    assert ("error" in last["facts"]) == (outcome == "error")


def test_a_wrong_sign_teaches_d_the_opposite():
    source = program("sign").replace("steps=1000", "steps=60")
    *_, last = run(source, seconds=60)
    assert last["d_real"] < 0.1 and last["d_fake"] > 0.9


def test_one_repeated_picture_is_all_that_is_learnt():
    source = program("one_batch").replace("steps=1000", "steps=250")
    *_, last = run(source, seconds=120)
    assert last["outcome"] == "alike"


def test_the_program_learns():
    looks = list(run(program().replace("steps=1000", "steps=300"), seconds=120))
    assert looks[-1]["outcome"] == "learns" and looks[-1]["step"] == 300 and looks[-1]["part"] == 1.0
    assert all(
        look.keys() >= {"step", "d_loss", "g_loss", "d_real", "d_fake", "sheet"} for look in looks
    )
