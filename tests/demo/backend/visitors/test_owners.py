"""Whose a run is: the browser's that shows the token, in whatever session; nobody else's."""

import pytest

from demo.backend.visitors.owners import Owners

TOKEN, OTHER = "0123456789abcdef" * 2, "f" * 32


def test_a_reloaded_page_is_the_same_owner_and_another_browser_is_not():
    owners = Owners()
    owner = owners.register("first", TOKEN)
    assert owners.register("reloaded", TOKEN) == owner == owners.owner_of("first")
    assert owners.register("stranger", OTHER) != owner
    assert owners.owner_of("without") == "without"
    owners.forget("first")
    assert owners.owner_of("first") == "first" and owners.owner_of("reloaded") == owner


@pytest.mark.parametrize("token", [None, "", 7, {}, "0" * 31, "0" * 33, "G" * 32, TOKEN + "\n"])
def test_what_is_no_token_owns_by_its_session(token):
    assert Owners().register("session", token) == "session"


def test_the_token_is_not_kept():
    owners = Owners()
    owners.register("session", TOKEN)
    assert TOKEN not in str(vars(owners))


def test_old_sessions_make_room(monkeypatch):
    monkeypatch.setattr("demo.backend.visitors.owners.MAX_SESSIONS", 2)
    owners = Owners()
    for session in "abc":
        owners.register(session, TOKEN)
    assert list(owners.sessions) == ["b", "c"]


def test_a_session_s_clock_is_known_if_it_can_be_one():
    owners = Owners()
    for session, minutes in {
        "Kathmandu": 345,
        "none": None,
        "text": "60",
        "nan": float("nan"),
        "far": 1e9,
    }.items():
        owners.register(session, TOKEN, minutes)
    assert owners.minutes == {"Kathmandu": 345}
    owners.forget("Kathmandu")
    assert owners.minutes == {}
