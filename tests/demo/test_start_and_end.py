"""The server starts on a machine that is busy; a signal ends it, whatever it is doing, without leaving processes."""

import json
import os
import signal
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest
from helpers.serving import alive, family, serving, serving_here
from helpers.waiting import PATIENCE

from demo.backend.shutdown import END_SECONDS


def test_a_page_that_is_slow_to_answer_at_first_is_served_all_the_same(tmp_path, monkeypatch):
    # Gradio asks for the page once it listens, and ends the program if no answer came within three seconds.
    monkeypatch.setattr("gradio.networking.url_ok", lambda url: False)
    with (
        serving_here(tmp_path) as (_, api),
        urllib.request.urlopen(f"{api}/info", timeout=PATIENCE) as answer,
    ):
        assert answer.status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_signal_ends_a_server_with_a_run_that_nobody_reads(tmp_path):
    with tempfile.TemporaryDirectory() as temporary, serving(tmp_path, TMPDIR=temporary) as served:
        body = json.dumps({"data": ["glyphs", "quick", 604800, 0]}).encode()
        headers = {"Content-Type": "application/json"}
        call = urllib.request.Request(f"{served.url}/gradio_api/call/train", body, headers)
        event = json.load(urllib.request.urlopen(call, timeout=PATIENCE))["event_id"]
        # A stream that stays open does not hold the end up either.
        stream = urllib.request.urlopen(f"{served.url}/gradio_api/call/train/{event}", timeout=PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while not list(served.runs.glob("*/model.safetensors")):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        processes = family(served.process.pid)
        assert len(processes) > 2
        # What they connect by lies where the next start would remove it after a kill (owned_folder.py).
        assert list(Path(temporary).glob("gscope-*/listener-*"))
        assert not list(Path(temporary).glob("pymp-*"))
        served.process.send_signal(signal.SIGTERM)
        # The allowance is for a busy machine: a server that hangs never ends.
        assert served.process.wait(timeout=END_SECONDS + 20) == 0
        assert b"ancelled" not in stream.read()  # asyncio's words for what ends it
        assert "Traceback" not in (tmp_path / "log").read_text()
        stream.close()
        deadline = time.monotonic() + PATIENCE
        while any(map(alive, processes)):
            assert time.monotonic() < deadline, "processes are left"
            time.sleep(0.2)
        # PyTorch keeps an empty folder for the next time.
        assert {name.partition("_")[0] for name in os.listdir(temporary)} <= {"torchinductor"}
