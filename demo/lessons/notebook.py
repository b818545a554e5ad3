"""A program as a Jupyter notebook: its docstring as text, each top-level part in a cell."""

import ast
import json

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def as_notebook(source: str) -> str:
    """The JSON of a notebook (nbformat 4.5) that does what `source` does when it is run."""
    lines = source.splitlines(keepends=True)
    docstring, *rest = ast.parse(source).body
    parts: list[list[str]] = []
    at, before = docstring.end_lineno, None
    for node in rest:
        text = lines[at : node.end_lineno]
        # Imports and constants share a cell; a function, a class and the part that runs have one each.
        if before and _is_plain(node) and _is_plain(before):
            parts[-1] += text
        else:
            parts.append(text)
        at, before = node.end_lineno, node
    cells = [{"cell_type": "markdown", "metadata": {}, "id": "about", "source": docstring.value.value}]
    for number, part in enumerate(parts):
        code = "".join(part).strip("\n")
        cells.append(
            {
                "cell_type": "code", "metadata": {}, "id": f"part-{number}", "execution_count": None,
                "outputs": [], "source": code,
            }
        )  # fmt: skip
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": KERNEL, "cells": cells}, indent=1
    )


def _is_plain(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom | ast.Assign)
