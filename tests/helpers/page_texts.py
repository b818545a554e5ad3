"""Finds the English texts of the page in the source, as demo/web/texts/LANGUAGE translates them.

Values within a text, `{…}` in Python and `${…}` in JavaScript, are written `{}`. What is a text for readers is told by
its form: this finds more than the page shows (a name of a class, a sentence of a command line), and tests/demo/
test_texts.py has what is known to be none.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Where any text with words is for readers, not only whole sentences.
SPOKEN = (
    "demo/tabs", "demo/page.py", "gan/settings", "gan/report", "gan/training/diagnosis.py", "gan/metrics/quality.py",
    "demo/backend/runs/payload.py", "demo/backend/runs/comparison.py", "demo/backend/runs/comparison_verdict.py",
    "demo/backend/datasets.py", "gan/latent/directions.py", "gan/latent/named_directions.py",
    "gan/latent/pixel_edits.py",     "gan/data/point_clouds.py", "gan/training/small_data.py",
    "gan/models/face_attributes.py",
)  # fmt: skip
# For programmers and terminals alone.
UNSEEN = (
    "gan/cli", "gan/export/model_card.py", "gan/export/snippets.py", "demo/record.py", "demo/record_critic.py",
    "demo/web_constants.py", "demo/lessons", "demo/arguments.py", "gan/settings/command_line.py",
    "gan/report/render.py",
    "demo/tabs/theme.py", "gan/__init__.py", "demo/workers/record_points_demo.py",
)  # fmt: skip
AREAS = {
    "page": ("demo/web", "demo/tabs", "demo/page.py"),
    "settings": ("gan/settings",),
    "messages": ("gan", "demo"),
}
IN_CODE = re.compile(r"^[\w.#:\[\]=\"'>~, *()/%+-]*[.#>\[=][\w-]+[\w.#:\[\]=\"'>~, *()/%+-]*$")


def page_texts() -> dict[str, dict[str, str]]:
    """{area: {text: the file that has it}}: each text in the first area that has its file."""
    found: dict[str, dict[str, str]] = {area: {} for area in AREAS}
    seen: set[str] = set()
    every = {**_all_javascript(), **_all_python()}
    for area, places in AREAS.items():
        for text, file in every.items():
            if text not in seen and file.startswith(places):
                found[area][text] = file
                seen.add(text)
    return found


def all_literals() -> set[str]:
    """Every string of the page's code, text or not."""
    found: set[str] = set()
    for path in (ROOT / "demo").rglob("*.py"):
        found.update(python_texts(path.read_text(encoding="utf-8")))
    for path in (ROOT / "gan").rglob("*.py"):
        found.update(python_texts(path.read_text(encoding="utf-8")))
    for path in (ROOT / "demo" / "web").rglob("*.js"):
        found.update(javascript_texts(path.read_text(encoding="utf-8")))
    return {tidy(text) for text in found}


def _all_python() -> dict[str, str]:
    found = {}
    for folder in ("demo", "gan"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(UNSEEN):
                spoken = name.startswith(SPOKEN)
                for text in python_texts(path.read_text(encoding="utf-8")):
                    if is_sentence(text) or (spoken and is_spoken(text)):
                        found.setdefault(tidy(text), name)
    return found


def _all_javascript() -> dict[str, str]:
    found = {}
    for path in sorted((ROOT / "demo" / "web").rglob("*.js")):
        if path.name != "constants.js":
            for text in javascript_texts(path.read_text(encoding="utf-8")):
                if is_spoken(text):
                    found.setdefault(tidy(text), path.relative_to(ROOT).as_posix())
    return found


def tidy(text: str) -> str:
    """As the page compares texts: without spaces around, single ones within, and {} for all values (`str.format`)."""
    return re.sub(r"\{\w+(:[^{}]*)?\}", "{}", re.sub(r"\s+", " ", text).strip())


def is_sentence(text: str) -> bool:
    """Whether a text is a whole sentence."""
    words = re.findall(r"[A-Za-z]{2,}", text)
    return (
        len(words) > 2 and bool(re.match(r"^[A-Z“{]", text)) and text.rstrip().endswith((".", "!", "?"))
    )


def is_spoken(text: str) -> bool:
    """Whether a text has words for readers: several, or one that begins with a capital."""
    text = text.strip()
    if (
        not re.search(r"[A-Za-z]{2}", text)
        or "\\" in text
        or "arXiv" in text
        or "et al." in text
        or "://" in text
    ):
        return False
    if text.startswith(
        ("<", "M{", "gs-", "--", "{}-", "rgb", "image/", "application/")
    ) or IN_CODE.match(text):
        return False
    return " " in text or bool(re.match(r"^[A-Z][a-z]{2,}", text))


def python_texts(source: str) -> list[str]:
    """The strings of Python code, but docstrings; those that stand together as one."""
    tree = ast.parse(source)
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        text = _joined(node)
        if text and id(node) not in passed:
            found.append(text)
            passed |= {id(inner) for inner in ast.walk(node)}
    return found


def _joined(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(each.value if isinstance(each, ast.Constant) else "{}" for each in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = _joined(node.left), _joined(node.right)
        return "".join(parts) if all(parts) else None
    return None


def javascript_texts(source: str) -> list[str]:
    """The strings of JavaScript, with those that `+` joins as one."""
    joined = re.sub(r"\"\s*\+\s*\"|`\s*\+\s*`", "", source)
    found: list[str] = []
    _read_code(joined, 0, found, "")
    return found


def _read_code(source: str, at: int, found: list[str], end: str) -> int:
    """Read code up to `end` at its own depth; what strings it has go to `found`."""
    before, depth = "", 0
    while at < len(source):
        letter = source[at]
        if end and letter == end and not depth:
            return at
        if source.startswith("//", at):
            at = source.find("\n", at) % (len(source) + 1)
            continue
        if source.startswith("/*", at):
            at = source.find("*/", at) + 2
            continue
        if letter == "/" and before in "(,=:[!&|?{};>":
            at = _end_of_pattern(source, at)
        elif letter in "\"'":
            stop = _end_of_string(source, at)
            found.append(re.sub(r"\\u([0-9a-f]{4})|\\(.)", _unescaped, source[at + 1 : stop]))
            at = stop
        elif letter == "`":
            at = _read_template(source, at + 1, found)
        elif letter in "{}":
            depth += 1 if letter == "{" else -1
        if not letter.isspace():
            before = letter
        at += 1
    return at


def _unescaped(part: re.Match) -> str:
    return chr(int(part[1], 16)) if part[1] else {"n": "\n"}.get(part[2], part[2])


def _end_of_string(source: str, at: int) -> int:
    stop = at + 1
    while source[stop] != source[at]:
        stop += 2 if source[stop] == "\\" else 1
    return stop


def _end_of_pattern(source: str, at: int) -> int:
    at, in_class = at + 1, False
    while source[at] != "/" or in_class:
        if source[at] == "\\":
            at += 1
        elif source[at] in "[]":
            in_class = source[at] == "["
        at += 1
    return at


def _read_template(source: str, at: int, found: list[str]) -> int:
    """Read a template to its closing backtick."""
    text = ""
    while source[at] != "`":
        if source[at] == "\\":
            text += source[at + 1]
            at += 2
        elif source.startswith("${", at):
            at = _read_code(source, at + 2, found, "}") + 1
            text += "{}"
        else:
            text += source[at]
            at += 1
    found.append(text)
    return at
