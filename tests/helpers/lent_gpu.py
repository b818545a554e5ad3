"""`python -m helpers.lent_gpu`: the page as in a ZeroGPU Space, by the real package `spaces`, without a GPU.

A fork that is lent one leaves CUDA alone, and so trains on the CPU; in the server itself CUDA stays forbidden.
"""

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

LOAN = {"idle": False, "nvidiaIndex": 0, "nvidiaUUID": "GPU-lent", "allowToken": "loan"}
SPENT = {"left": 12, "wait": 7200}
CGROUP = "0::/space\n"
# Three times {}: how the Hub says who a visitor is.
TOKEN = "e30.e30.e30"


class Lender:
    """The service that lends GPUs: what it was asked, and whether the visitor's share is spent."""

    def __init__(self):
        self.asked: list[tuple[str, dict]] = []
        self.spent = False

    def questions(self, path: str) -> list[dict]:
        return [question for asked, question in self.asked if asked == path]

    def answer(self, path: str) -> tuple[int, dict]:
        if path != "/schedule":
            return 200, {}
        return (429, SPENT) if self.spent else (200, LOAN)


@contextlib.contextmanager
def lending(folder) -> Iterator[tuple[Lender, dict[str, str]]]:
    """A `Lender` that listens, and the environment of a Space that asks it."""
    lender = Lender()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = urlsplit(self.path)
            lender.asked.append((asked.path, dict(parse_qsl(asked.query))))
            status, content = lender.answer(asked.path)
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said):
            pass

    (folder / "cgroup").write_text(CGROUP)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield (
            lender,
            {
                "SPACES_ZERO_GPU": "true",
                "SPACES_ZERO_DEVICE_API_URL": f"http://127.0.0.1:{server.server_port}",
                "ZEROGPU_PROC_SELF_CGROUP_PATH": str(folder / "cgroup"),
            },
        )
        server.shutdown()


def main() -> None:
    import torch

    # `spaces` replaces what a build without CUDA does not have.
    if torch.version.cuda is None:
        torch.version.cuda, torch._C._cuda_init, torch.cuda._is_in_bad_fork = "12.8", None, bool

    import gradio  # noqa: F401, first, as in app.py
    import spaces.zero.torch

    spaces.zero.torch.init = lambda uuid: os.environ.update(CUDA_VISIBLE_DEVICES=uuid)
    spaces.zero.torch.move = lambda callback: None

    from demo import serve

    serve.main()


if __name__ == "__main__":
    main()
