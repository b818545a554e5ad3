"""Writes are atomic, and only complete, matching, finite tensors are read."""

import json
import os
import pickle

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save
from torch import nn

from gan.common.files import (
    check_output_file,
    check_output_folder,
    load_into,
    read_json,
    read_tensors,
    write_bytes,
    write_json,
    write_tensors,
)

FULL_DISK = OSError(28, "No space left on device")


@pytest.fixture
def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))


@pytest.fixture
def weights(tmp_path, net):
    write_tensors(tmp_path / "w.safetensors", net.state_dict())
    return tmp_path / "w.safetensors"


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, broken):
    path = tmp_path / "kept.json"
    write_json(path, {"old": 1})

    def fail(*_):
        raise FULL_DISK

    monkeypatch.setattr(os, broken, fail)
    with pytest.raises(ValueError, match=r"kept\.json.*No space left on device"):
        write_json(path, {"new": 2})
    assert read_json(path) == {"old": 1}
    assert os.listdir(tmp_path) == ["kept.json"]


def test_the_new_content_is_synced_before_it_gets_its_name(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, n=name, r=real: (calls.append(n), r(*a))[1])
    write_bytes(tmp_path / "deep" / "er" / "file", b"content")
    assert calls == ["fsync", "replace"]
    assert (tmp_path / "deep" / "er" / "file").read_bytes() == b"content"


def test_a_crash_between_write_and_rename_leaves_the_old_file(tmp_path, monkeypatch):
    class Crash(BaseException):
        pass

    def crash(*_):
        raise Crash

    path = tmp_path / "file"
    write_bytes(path, b"old")
    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(Crash):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"


def test_writing_where_a_folder_or_a_file_is_in_the_way_says_so(tmp_path):
    write_bytes(tmp_path / "file", b"")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "file" / "below"):
        with pytest.raises(ValueError, match="Could not save"):
            write_bytes(path, b"x")


def test_json_round_trip(tmp_path):
    value = {"a": [1, 2.5, None, True], "é": {"b": "c"}}
    write_json(tmp_path / "x.json", value)
    assert read_json(tmp_path / "x.json") == value


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b"7", b"\xff\xfe", b"[" * 100_000, b" " * (10**6 + 1)],
    ids=["empty", "cut", "list", "number", "not utf-8", "deep", "long"],
)
def test_bad_json_is_a_value_error_that_names_the_file(tmp_path, content):
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"config\.json"):
        read_json(tmp_path / "config.json")


def test_missing_files_are_named(tmp_path):
    with pytest.raises(ValueError, match=r"no readable config\.json"):
        read_json(tmp_path / "config.json")
    with pytest.raises(ValueError, match=r"no w\.safetensors"):
        read_tensors(tmp_path / "w.safetensors")


def test_tensors_and_metadata_round_trip(tmp_path):
    tensors = {"a": torch.randn(3, 4, 5, 6).to(memory_format=torch.channels_last), "n": torch.tensor(7)}
    write_tensors(tmp_path / "t", tensors, {"note": "text"})
    back, notes = read_tensors(tmp_path / "t")
    assert notes == {"note": "text"}
    assert back.keys() == tensors.keys()
    assert all(torch.equal(back[name], tensors[name]) for name in tensors)


def test_weights_round_trip(weights, net):
    other = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    load_into(other, weights)
    assert all(torch.equal(a, b) for a, b in zip(other.parameters(), net.parameters(), strict=True))


def test_a_pickle_is_never_loaded(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "sprung"),)

    for name, content in (("pickle", pickle.dumps(Trap())), ("torch", None)):
        path = tmp_path / name
        path.write_bytes(content) if content else torch.save({"a": torch.zeros(2)}, path)
        with pytest.raises(ValueError, match="not a whole safetensors file"):
            read_tensors(path)
    assert not (tmp_path / "sprung").exists()


WRONG = {
    "a missing tensor": (lambda w: w.pop("0.bias"), "1 tensors missing, 0 unknown"),
    "an extra tensor": (lambda w: w.update(more=torch.zeros(2)), "0 tensors missing, 1 unknown"),
    "another shape": (lambda w: w.update({"0.weight": torch.zeros(4, 5)}), r"shape \(4, 5\).*\(4, 3\)"),
    "a transposed shape": (lambda w: w.update({"0.weight": torch.zeros(3, 4)}), r"shape \(3, 4\)"),
    "NaN": (lambda w: w.update({"0.bias": torch.tensor([0, 0, float("nan"), 0])}), "NaN or infinite"),
    "infinity": (lambda w: w.update({"0.bias": torch.tensor([0, -float("inf"), 0, 0])}), "infinite"),
    "another type": (lambda w: w.update({"0.bias": torch.zeros(4, dtype=torch.int32)}), "int32"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_weights_that_do_not_fit_are_refused_and_change_nothing(tmp_path, net, wrong):
    change, words = WRONG[wrong]
    before = {name: value.clone() for name, value in net.state_dict().items()}
    weights = dict(before)
    change(weights)
    write_tensors(tmp_path / "w", weights)
    with pytest.raises(ValueError, match=words):
        load_into(net, tmp_path / "w")
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def damage(content: bytes, cut: int | None, flips: list[tuple[float, int]]) -> bytes:
    content = bytearray(content[: len(content) if cut is None else cut % len(content)])
    for place, byte in flips:
        if content:
            # Half of the flips hit the header, where they do the most harm.
            content[int(place * min(len(content), 2 ** (8 + byte % 8))) % len(content)] = byte
    return bytes(content)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.none() | st.integers(0, 10**6),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
)
def test_a_damaged_file_loads_with_the_right_shapes_or_is_a_value_error(tmp_path, net, cut, flips):
    whole = save(net.state_dict())
    content = damage(whole, cut, flips)
    (tmp_path / "w").write_bytes(content)
    expected = {name: (value.shape, value.dtype) for name, value in net.state_dict().items()}
    loaded = False
    try:
        load_into(net, tmp_path / "w")
        loaded = True
    except ValueError as error:
        assert "w" in str(error)
        assert content != whole
    assert {name: (value.shape, value.dtype) for name, value in net.state_dict().items()} == expected
    if loaded:
        assert all(torch.isfinite(value).all() for value in net.state_dict().values())
        assert len(content) == len(whole)


@pytest.mark.parametrize("keep", [0, 1, 7, 8, 9, 50, -1])
def test_a_file_cut_off_anywhere_is_refused(weights, keep):
    weights.write_bytes(weights.read_bytes()[:keep])
    with pytest.raises(ValueError, match="not a whole safetensors file"):
        read_tensors(weights)


@pytest.mark.parametrize("dtype", ["X32", "F8_E4M3", "BOOL", "I32"])
def test_a_header_that_lies_about_the_type_is_a_value_error(tmp_path, net, dtype):
    content = save({name: value.clone() for name, value in net.state_dict().items()})
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header["0.bias"]["dtype"] = dtype
    text = json.dumps(header).encode()
    (tmp_path / "w").write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])
    with pytest.raises(ValueError, match="w"):
        load_into(net, tmp_path / "w")


def test_an_interrupted_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "kept.json"
    write_json(path, {"old": 1})

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_json(path, {"new": 2})
    assert [each.name for each in tmp_path.iterdir()] == ["kept.json"]
    assert read_json(path) == {"old": 1}


@pytest.mark.parametrize("check", [check_output_file, check_output_folder])
def test_names_that_no_file_may_have_and_links_to_nothing_are_refused(tmp_path, check):
    for name in ("x" * 300, "\u00e9" * 200, "new/" + "x" * 300 + "/y", "x/" * 3000 + "y"):
        with pytest.raises(ValueError, match="cannot be written: a name may have at most 255 letters"):
            check(tmp_path / name)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere" / "else")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("gone", "loop"):
        with pytest.raises(ValueError, match=f"{name} is a link to nothing"):
            check(tmp_path / name / "x")
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    check(tmp_path / "link" / "x")


def test_a_folder_that_is_a_link_to_nothing_is_refused(tmp_path):
    (tmp_path / "gone").symlink_to("nowhere")
    with pytest.raises(ValueError, match="gone is a link to nothing"):
        check_output_folder(tmp_path / "gone")


@pytest.mark.parametrize("content", ["", "{", "[" * 100_000, '{"size": ' + "1" * 5000 + "}"])
def test_what_is_no_json_is_said_without_pythons_words(tmp_path, content):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(ValueError, match=r"config\.json in .* is not valid JSON\.$"):
        read_json(tmp_path / "config.json")


def test_a_byte_order_mark_before_json_does_no_harm(tmp_path):
    (tmp_path / "config.json").write_text('{"size": 32}', encoding="utf-8-sig")
    assert read_json(tmp_path / "config.json") == {"size": 32}


def test_negative_variances_are_refused(tmp_path, net):
    net[1].running_var[0] = -1
    write_tensors(tmp_path / "w.safetensors", net.state_dict())
    with pytest.raises(ValueError, match=r"negative variances in 1\.running_var"):
        load_into(net, tmp_path / "w.safetensors")
