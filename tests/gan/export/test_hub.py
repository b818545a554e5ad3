"""Pushing: what is sent where, and that the token is nowhere else. The Hub is a server of our own."""

import json

import pytest
from helpers.fake_hub import TOKEN, fake_hub, sent_files
from helpers.running_commands import refused, run
from huggingface_hub import HfApi

from gan.export import hub

FILES = {"config.json": b"{}", "model.safetensors": b"\0" * 300, "README.md": b"# hello"}


@pytest.fixture
def fake():
    with fake_hub() as server:
        yield server


@pytest.fixture
def online(monkeypatch, fake):
    """An HfApi that talks to the fake, although tests are offline."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.is_offline_mode", lambda: False, raising=False)
    return lambda token: HfApi(endpoint=fake.url, token=token)


def test_all_files_arrive_in_one_commit(fake, online):
    address = hub.push(FILES, "anna/faces", TOKEN, api=online)
    assert address == f"{fake.url}/anna/faces"
    assert sent_files(fake) == FILES
    created = json.loads(fake.asked[0][2])
    assert (created["organization"], created["name"], created["visibility"]) == (
        "anna",
        "faces",
        "private",
    )
    for path, headers, body in fake.asked:
        assert {key.lower(): value for key, value in headers.items()}[
            "authorization"
        ] == f"Bearer {TOKEN}"
        assert TOKEN not in path and TOKEN.encode() not in body


@pytest.mark.parametrize("status", [401, 403, 404, 409, 429, 500])
def test_a_refusal_is_one_sentence_without_the_token(fake, online, status):
    fake.status = status
    with pytest.raises(ValueError, match=r"anna/faces could not be written: ") as caught:
        hub.push(FILES, "anna/faces", TOKEN, api=online)
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert chain[1:] == [None, None]
    assert TOKEN not in repr(caught.value) and "no: " not in str(caught.value)
    assert hub.REASONS.get(status, str(status)) in str(caught.value)


def test_a_hub_out_of_reach_is_said(online):
    far = lambda token: HfApi(endpoint="http://127.0.0.1:9", token=token)  # noqa: E731
    with pytest.raises(ValueError, match="could not be reached"):
        hub.push(FILES, "anna/faces", TOKEN, api=far)


@pytest.mark.parametrize("token", ["", "short", None, 3, "hf_x\nEvil: header", "ä" * 20, "a" * 500])
def test_a_bad_token_is_refused_without_being_repeated(token):
    with pytest.raises(ValueError, match="A token of the Hub is needed") as caught:
        hub.push(FILES, "a/b", token, api=None)
    assert not isinstance(token, str) or not token or token not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["", "faces", "a/b/c", "../x", "a/../b", "a/b?x=1", "a/b c", "a/" + "b" * 200, 3, "a/-b",
             "a--b/c"],
)  # fmt: skip
def test_a_bad_name_is_refused(name):
    with pytest.raises(ValueError, match="name on the Hub"):
        hub.push(FILES, name, TOKEN, api=None)


def test_the_command_takes_the_token_from_the_environment(shipped, fake, online, monkeypatch, capsys):
    monkeypatch.setattr("gan.export.hub.push.__defaults__", (True, online))
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert run("push", "--model", "digits", "--to", "anna/digits", "--public") == 0
    out, err = capsys.readouterr()
    assert out.strip() == f"{fake.url}/anna/digits" and TOKEN not in out + err
    sent = sent_files(fake)
    assert sent["model.safetensors"] == (shipped / "digits/model.safetensors").read_bytes()
    assert b'load_generator("anna/digits")' in sent["README.md"]
    assert json.loads(fake.asked[0][2])["visibility"] == "public"


def test_the_command_refuses_in_one_line(shipped, capsys, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    assert "HF_TOKEN" in refused(capsys, "push", "--model", "digits", "--to", "anna/digits")
    assert "owner/model" in refused(capsys, "push", "--model", "digits", "--to", "digits")
    assert "no model" in refused(capsys, "push", "--model", "nope", "--to", "a/b")
    assert run("push", "--model", "digits", "--to", "a/b", "--token", TOKEN) == 2
