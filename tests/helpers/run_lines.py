"""Runs Python and commands as someone would who pasted them, all in one process: argument 1 is a JSON file.

It holds a list of {folder, python, command}; the answer on the last line is a JSON list of failures.
"""

import contextlib
import io
import json
import os
import shlex
import subprocess
import sys
import traceback

from gan.cli.parser import main


def failure(folder: str, python: str, command: str) -> str:
    """Why the code or the command failed in `folder`; "" if neither did."""
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            exec(compile(python, "snippet", "exec"), {"__name__": "__main__"})
            words = shlex.split(command, comments=True)
            if words[:1] == ["torchrun"]:
                return in_processes(words[1:])
            assert words[:3] in ([], ["python", "-m", "gan"]), words
            code = main(words[3:]) if words else 0
    except SystemExit as stop:
        code = stop.code
    except Exception:
        return f"{python}{command}\n{traceback.format_exc()}"
    return f"{command}\n{said.getvalue()}" if code else ""


def in_processes(words: list[str]) -> str:
    """Why torchrun failed with these arguments; "" if it did not."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return f"torchrun {words}\n{done.stderr}" if done.returncode else ""


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        lines = json.load(file)
    print(json.dumps([words for each in lines if (words := failure(**each))]))
