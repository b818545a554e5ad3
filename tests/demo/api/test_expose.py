"""The files that endpoints answer with."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from demo.api import expose
from demo.api.expose import AnswerFiles


def test_many_callers_clean_up_at_once_and_all_get_their_file():
    answers = AnswerFiles()
    for number in range(200):
        old = Path(answers.save(f"{number}.txt", b"old")).parent
        os.utime(old, (0, 0))
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda number: answers.save("new.txt", b"%d" % number), range(64)))
    assert [Path(path).read_bytes() for path in paths] == [b"%d" % number for number in range(64)]
    assert len(list(answers.folder.iterdir())) == 64
    shutil.rmtree(answers.folder)


def test_a_folder_that_was_cleaned_away_is_made_again():
    answers = AnswerFiles()
    shutil.rmtree(answers.folder)
    assert Path(answers.save("a.txt", b"a")).read_bytes() == b"a"
    shutil.rmtree(answers.folder)


def test_files_are_kept_for_a_while(monkeypatch):
    answers = AnswerFiles()
    first = answers.save("a.txt", b"a")
    answers.save("b.txt", b"b")
    assert Path(first).exists()
    monkeypatch.setattr(expose, "KEPT_SECONDS", -1)
    answers.save("c.txt", b"c")
    assert not Path(first).exists()
    shutil.rmtree(answers.folder)


@pytest.mark.parametrize("place", ["demo.api.expose.write_bytes", "demo.api.expose.tempfile.mkdtemp"])
def test_a_full_disk_is_said_without_a_folder_of_the_server(monkeypatch, place):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device", "/srv/secret")

    answers = AnswerFiles()
    monkeypatch.setattr(place, full)
    with pytest.raises(
        ValueError, match=r"^The answer is a file, and the server has no room for it .*later\.$"
    ):
        answers.save("a.txt", b"a")
    shutil.rmtree(answers.folder)
