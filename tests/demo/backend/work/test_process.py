"""What runs where: PyTorch not in the server, Gradio not beside it, and nothing left of either."""

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client
from helpers.serving import ROOT, alive, family, serving
from helpers.waiting import wait_for

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_what_runs_beside_the_server_imports_no_gradio():
    # Each process of ours imports app.py under this name.
    code = (
        "import runpy, sys; runpy.run_path('app.py', run_name='__mp_main__'); "
        "assert not {'gradio', 'torch', 'demo'} & set(sys.modules); "
        "import demo.workers.render, demo.workers.train; assert not {'gradio', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@LINUX
def test_the_server_never_imports_torch(server):
    def ask(path, body=None):
        with urllib.request.urlopen(f"{server.url}/gradio_api/ganscope/{path}", body) as response:
            return response.read()

    z = np.frombuffer(ask("latents?model=faces&seeds=1,2"), "<f4")
    assert len(ask("pictures?model=faces", z.tobytes())) == 2 * 128 * 128 * 3
    assert ask("walk?model=faces&frames=4&mode=slerp&format=gif", z.tobytes())[:3] == b"GIF"
    assert ask("data?source=shapes")[:4] == b"RIFF"
    client = Client(server.url, verbose=False)
    client.predict("digits", 42, 1, api_name="/generate")
    client.predict("digits", 1, 2, 4, "slerp", api_name="/interpolate")
    client.predict("glyphs", "quick", 1, 0, api_name="/train")
    assert "torch" not in loaded(server.process.pid)
    others = [loaded(process) for process in family(server.process.pid) - {server.process.pid}]
    # The artist, the worker, and where both come from.
    assert sum("torch" in libraries for libraries in others) >= 3


def loaded(process: int) -> set[str]:
    """The packages of site-packages whose compiled parts a process holds."""
    lines = Path(f"/proc/{process}/maps").read_text().splitlines()
    return {line.split("site-packages/")[1].split("/")[0] for line in lines if "site-packages/" in line}


@LINUX
def test_nothing_outlives_a_killed_server(tmp_path):
    with serving(tmp_path) as server:
        wait_for(lambda: len(family(server.process.pid)) >= 5)
        everyone = family(server.process.pid)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        wait_for(lambda: not any(map(alive, everyone)))
