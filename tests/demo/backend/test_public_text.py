"""What visitors are told names no folder of the server."""

from pathlib import Path

import pytest

from demo.backend.public_text import public_text
from demo.backend.work.base import Work


def test_of_paths_on_the_server_only_what_follows_its_folders_is_told(monkeypatch, tmp_path):
    data = tmp_path / "data"
    monkeypatch.setenv("GANSCOPE_DATA", str(data))
    monkeypatch.chdir(tmp_path)
    for text, told in (
        (f"{data}/mnist/train.parquet is cut off.", "mnist/train.parquet is cut off."),
        (f"The folder {data} may not be read.", "The folder data may not be read."),
        (f"Could not save {Path.home()}/runs/ab12.", "Could not save runs/ab12."),
        (f"{data}-other is another folder.", "data-other is another folder."),
        ("owner/name and https://example.org/a/b stay.",) * 2,
        ("The folder /srv/typed/here stays: somebody typed it.",) * 2,
    ):
        assert public_text(text) == told


@pytest.mark.parametrize("state", ["failed", "running"])
def test_messages_of_runs_and_jobs_name_no_folder(state):
    work = Work("ab")
    work.changed(state=state, message=f"No space left in {Path.home()}/runs/ab.")
    assert work.message == "No space left in runs/ab."
