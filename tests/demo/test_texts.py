"""The page's texts by language: complete, in use, with the same values in them."""

import json
import re
from pathlib import Path

import pytest
from helpers.page_texts import (
    ROOT,
    all_literals,
    javascript_texts,
    page_texts,
    python_texts,
    tidy,
)

TEXTS = ROOT / "demo" / "web" / "texts"
LANGUAGES = sorted(path.name for path in TEXTS.iterdir() if path.name != "en")
NAMED = sorted(path.name for path in (TEXTS / "en").iterdir())  # texts by name, English too
AREAS = ("page", "settings", "messages")  # translated sentence by sentence
COMPOSED = "composed"  # what the page puts together from several texts, and what Gradio says
# What looks like a text for readers, and is none; or is the same in every language.
UNTRANSLATED = Path(__file__).with_name("untranslated.txt")


def read(language: str, name: str) -> dict:
    return json.loads((TEXTS / language / name).read_text(encoding="utf-8"))


def leaves(value: object, path: tuple = ()) -> dict[tuple, str]:
    """{path of keys: text} of nested texts."""
    if isinstance(value, str):
        return {path: value}
    rows = value.items() if isinstance(value, dict) else enumerate(value or ())
    return {key: text for name, inner in rows for key, text in leaves(inner, (*path, name)).items()}


def values_in(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMED)
def test_named_texts_are_complete(language, name):
    english, other = leaves(read("en", name)), leaves(read(language, name))
    assert other.keys() == english.keys()
    assert {key for key in english if values_in(english[key]) != values_in(other[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_page_is_translated(language):
    translated = {text for area in (*AREAS, COMPOSED) for text in read(language, f"{area}.json")}
    known = set(UNTRANSLATED.read_text(encoding="utf-8").splitlines())
    found = {text for area in page_texts().values() for text in area}
    assert found - translated - known == set()
    assert known - found == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_is_not_there(language):
    """A key is a text of the source, or a part of one between its values."""
    literals = all_literals()
    parts = {tidy(part) for text in literals for part in text.split("{}")} | literals
    for area in AREAS:
        keys = set(read(language, f"{area}.json"))
        assert keys - parts == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_uses_values_that_the_text_has(language):
    for area in (*AREAS, COMPOSED):
        for english, translation in read(language, f"{area}.json").items():
            places = [int(place) for place in re.findall(r"\{=?(\d)\}", translation)]
            assert len(set(places)) == len(places) and all(
                place < english.count("{}") for place in places
            ), english


def test_how_texts_are_found():
    code = """const a = make("p", `${n} steps of ` + `${f("a b")}`); // "no text"
        x = y / 2; z = /["]/.test('it\\'s');"""
    assert javascript_texts(code) == ["p", "a b", "{} steps of {}", "it's"]
    lines = [
        'x = f"{a!r} is {b:.1f} long, " "and more"',
        "def f():",
        '    "Doc."',
        '    return "one" + "two"',
    ]
    python = "\n".join(lines)
    assert python_texts(python) == ["{} is {} long, and more", "onetwo"]
    assert tidy("  {count:,} of\n {many} ") == "{} of {}"
