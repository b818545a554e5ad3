"""Hostile requests, made of good ones by a seeded choice of what is wrong with them."""

import json
import random

from fuzz.examples import EXAMPLES, GOOD_VALUES, Example

DEEP = json.loads("[" * 40 + "]" * 40)
VALUES = [
    None, True, False, 0, -1, 1.5, 10**30, -(10**30), float("inf"), float("nan"), 2**31, 2**63,
    "", " ", "0", "-1", "1e9", "NaN", "nonsense", "../../etc/passwd", "/etc/passwd", "~root", "C:\\Windows",
    "run:", "run:../x", "run:" + "a" * 300, "own:", "own:" + "a" * 32, "a/b", "a" * 5000, "é\u202e\U0001f600",
    "\x00", "a\nb", "<img src=x onerror=alert(1)>", "{}", "%00", "%2e%2e%2f", "'; DROP TABLE runs; --", "digits",
    [], {}, [1, 2], {"a": 1}, DEEP, ["digits"] * 300, "file:///etc/passwd", "http://127.0.0.1:1/x",
]  # fmt: skip
BODIES = [
    b"", b"{", b"null", b"[]", b'"text"', b"\xff" * 64, b"\x00" * 1000, b'{"a":' * 2000, b"1" * 5000,
    json.dumps({"settings": DEEP}).encode(), b"\xff\xff\xff\x7f" + b"x" * 20, b"\x89PNG\r\n\x1a\n",
]  # fmt: skip
HEADERS = [
    {"content-type": "text/plain"}, {"content-type": "multipart/form-data"}, {"accept-encoding": "deflate"},
    {"x-ganscope-page": "a" * 5000}, {"x-ganscope-page": ""}, {"range": "bytes=5-2"}, {"cookie": "a" * 3000},
]  # fmt: skip


class Hostile:
    """Makes requests; equal seeds make equal ones."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)

    def request(self) -> Example:
        """One request to a route of the page, with one to three faults (or none, now and then)."""
        made = self.chance.choice(EXAMPLES)
        for _ in range(self.chance.choice([0, 1, 1, 1, 2, 3])):
            made = self._spoil(made)
        return made

    def arguments(self, parameters: list[dict]) -> list:
        """Inputs of an endpoint, at least one of which is hostile; now and then too many or too few."""
        values = [_good_value(each) for each in parameters]
        for _ in range(self.chance.choice([1, 1, 2])):
            if values:
                values[self.chance.randrange(len(values))] = self.chance.choice(VALUES)
        extent = self.chance.random()
        return values[:-1] if extent < 0.05 else [*values, "more"] if extent < 0.1 else values

    def _spoil(self, good: Example) -> Example:
        kinds = [kind for kind in ("fields", "query", "body") if getattr(good, kind)]
        kind = self.chance.choice([*kinds, *kinds, "raw body", "headers", "more"])
        if kind == "headers":
            return good.with_(headers=good.headers | self.chance.choice(HEADERS))
        if kind == "more":
            return good.with_(query=good.query | {"nothing": str(self.chance.choice(VALUES))})
        if kind == "raw body":
            return good.with_(body=self.chance.choice(BODIES))
        part = getattr(good, kind)
        if isinstance(part, bytes):
            return good.with_(body=self._spoil_bytes(part))
        return good.with_(**{kind: self._spoil_dict(part, in_path=kind == "fields")})

    def _spoil_dict(self, values: dict, in_path: bool) -> dict:
        name = self.chance.choice(list(values))
        if not in_path and self.chance.random() < 0.2:
            return {key: value for key, value in values.items() if key != name}
        return values | {name: self.chance.choice(VALUES)}

    def _spoil_bytes(self, content: bytes) -> bytes:
        at = self.chance.randrange(len(content) + 1)
        kind = self.chance.choice(["cut", "flip", "more"])
        if kind == "cut":
            return content[:at]
        return content[:at] + self.chance.randbytes(4) + content[at + 4 * (kind == "flip") :]


def _good_value(parameter: dict) -> object:
    """The default of an endpoint's input, else a value of its type."""
    if parameter.get("parameter_has_default"):
        return parameter["parameter_default"]
    kind = parameter["type"].get("type", "picture")
    return GOOD_VALUES.get(kind)
