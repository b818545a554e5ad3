"""The command line as tests call it."""

from gan.cli.parser import main


def tiny(steps: int = 3) -> list[str]:
    """The settings of a run that takes a second."""
    small = "--data shapes --size 32 --channels 1 --width 4 --batch 4 --z-dim 8 --limit 32"
    return [*small.split(), "--steps", str(steps)]


def run(*arguments: object) -> int:
    """The exit code of `python -m gan ...`."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return stop.code


def refused(capsys, *arguments: object) -> str:
    """The one line that says why a command was not run."""
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = [line for line in err.replace("\r", "\n").split("\n") if line.strip()]
    assert len(lines) == 1, err
    assert "Traceback" not in err
    assert len(lines[0]) < 600
    return lines[0]
