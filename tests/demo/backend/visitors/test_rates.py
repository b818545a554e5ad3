"""How often what is costly may be asked for: a class behind one address never meets the limit, a loop does."""

import pytest

from demo.backend.visitors import rates
from demo.backend.visitors.rates import ADDRESS_TIMES, PER_MINUTE, Rates, TooOftenError, network_of


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is moved: clock[0] seconds."""
    now = [1000.0]
    monkeypatch.setattr(rates.time, "monotonic", lambda: now[0])
    return now


def spent(counted: Rates, visitor: str, address: str, times: int, cost: float = 1.0) -> int:
    """How many of so many requests pass before the first that does not."""
    for done in range(times):
        try:
            counted.spend(visitor, address, cost)
        except TooOftenError:
            return done
    return times


def test_a_class_behind_one_address_never_meets_it(clock):
    counted, students = Rates(), [f"browser {number}" for number in range(30)]
    # All at once: Train, its pictures uploaded and read, Points opened.
    assert [spent(counted, student, "10.0.0.1", 4) for student in students] == [4] * 30
    # Then for an hour each something costly every four seconds, and walks of 60 frames as many as two cores can draw.
    for _ in range(900):
        clock[0] += 4
        for student in students:
            counted.spend(student, "10.0.0.1")
            counted.spend(student, "10.0.0.1", 60 / 240)


def test_a_loop_meets_it_and_is_told_when_to_come_again(clock):
    counted = Rates()
    assert spent(counted, "browser", "10.0.0.1", 1000) == PER_MINUTE
    with pytest.raises(
        TooOftenError, match=r"^Too much was asked for in a short time: try again in 1 s\.$"
    ):
        counted.spend("browser", "10.0.0.1")
    # What is refused counts for nothing: who goes on asking gets as much as who waits.
    assert spent(counted, "browser", "10.0.0.1", 1) == 0
    clock[0] += 1
    assert spent(counted, "browser", "10.0.0.1", 5) == 1
    clock[0] += 3600
    assert spent(counted, "browser", "10.0.0.1", 1000) == PER_MINUTE
    # Another browser at the same address is none of it.
    assert spent(counted, "another", "10.0.0.1", 1) == 1


def test_new_browsers_do_not_help_who_makes_them_in_a_loop(clock):
    counted = Rates()
    passed = [spent(counted, f"new {number}", "10.0.0.1", 1) for number in range(5000)]
    assert sum(passed) == ADDRESS_TIMES * PER_MINUTE
    assert spent(counted, "new", "10.0.0.2", 1) == 1
    # What they leave behind is forgotten.
    assert len(counted.full_at) <= ADDRESS_TIMES * PER_MINUTE + 3
    clock[0] += 61
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rates, "MAX_KNOWN", 10)
        counted.spend("later", "10.0.0.1")
    assert set(counted.full_at) == {"visitor later", "address 10.0.0.1"}


def test_costs_below_one_add_up(clock):
    assert spent(Rates(2), "browser", "10.0.0.1", 100, 0.25) == 8


def test_without_a_name_the_address_is_the_visitor(clock):
    counted = Rates(3)
    assert spent(counted, "", "10.0.0.1", 9) == 3
    assert spent(counted, "", "10.0.0.2", 9) == 3


def test_a_long_name_takes_no_memory(clock):
    counted = Rates()
    counted.spend("x" * 10**6, "10.0.0.1")
    assert max(map(len, counted.full_at)) < 200


def test_0_is_off(clock):
    assert spent(Rates(0), "browser", "10.0.0.1", 10_000) == 10_000


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_addresses_of_one_network_are_one(address, network):
    assert network_of(address) == network
