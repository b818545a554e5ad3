"""A Hub of our own for tests: it answers as the real one does, and keeps what it was sent."""

import base64
import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "hf_SecretSecretSecret123"


class FakeHub(BaseHTTPRequestHandler):
    """Answers as the Hub does to create_repo and create_commit, and keeps what it was sent."""

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        self.server.asked.append((self.path, dict(self.headers), body))
        if self.server.status:
            # As thoughtless a server as there can be: it repeats the token.
            value = {"error": f"no: {self.headers['Authorization']}", "url": f"{self.server.url}/a/b"}
            return self.answer(self.server.status, value)
        if self.path == "/api/repos/create":
            name = json.loads(body)
            url = f"{self.server.url}/{name['organization']}/{name['name']}"
            return self.answer(200, {"url": url})
        if self.path.endswith("/preupload/main"):
            files = json.loads(body)["files"]
            modes = [{"path": f["path"], "uploadMode": "regular", "shouldIgnore": False} for f in files]
            return self.answer(200, {"files": modes})
        commit = {
            "success": True,
            "commitOid": "0" * 40,
            "commitUrl": f"{self.server.url}/a/b/commit/0",
        }
        return self.answer(200, commit)

    def do_GET(self):
        self.answer(404, {})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def fake_hub():
    """A server with `url`; `asked` fills with (path, headers, body), `status` makes it refuse."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeHub)
    server.url, server.asked, server.status = f"http://127.0.0.1:{server.server_port}", [], 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def sent_files(fake) -> dict:
    (body,) = [body for path, _, body in fake.asked if "/commit/" in path]
    lines = [json.loads(line) for line in body.splitlines()]
    values = [line["value"] for line in lines if line["key"] == "file"]
    return {value["path"]: base64.b64decode(value["content"]) for value in values}
