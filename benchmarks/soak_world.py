"""What the soak (benchmarks/soak.py) knows of its server: processes, faults, what visitors were told."""

import contextlib
import os
import re
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.start import Server, free_port
from benchmarks.visits import resident_mb
from demo.tabs.page_blocks import FAULT

ECHO_SECONDS = 40.0  # so long after a fault its sentences may still come
# What a busy server says without any fault.
LIMITS = re.compile(
    r"already|are kept|as many uploads|no room|saved no weights|no such (run|job)|There is no picture yet|too many"
)
Process = tuple[int, str]  # its id, and when it started: ids are used again


class Refused(httpx.HTTPError):
    """The server said in a sentence why it does not do what was asked."""


@dataclass
class Fault:
    name: str
    begin: float
    end: float = float("inf")


@dataclass
class World:
    """One server in `folder`, which may be started again; and the record of everything that happened to it."""

    folder: Path
    server: Server | None = None
    faults: list[Fault] = field(default_factory=list)
    said: Counter = field(default_factory=Counter)  # sentences, by their text
    unexplained: Counter = field(default_factory=Counter)  # those that no fault and no limit explains
    failures: Counter = field(default_factory=Counter)  # what is no sentence
    acts: Counter = field(default_factory=Counter)  # what visitors have done
    doing: dict[int, str] = field(default_factory=dict)  # what each does now
    seen: set[Process] = field(default_factory=set)  # processes that belonged to the server
    memory: list[tuple[float, float]] = field(
        default_factory=list
    )  # (time, MB of the server's own process)

    def __post_init__(self):
        self.began, self.port = time.monotonic(), free_port()
        self.temporary, self.runs = self.folder / "tmp", self.folder / "runs"
        self.temporary.mkdir()
        self.log = (self.folder / "log").open("a")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server, on the same port and folders each time."""
        more = {"GRADIO_SERVER_PORT": str(self.port), "TMPDIR": str(self.temporary)}
        more |= {"HF_HUB_OFFLINE": "1", "GANSCOPE_LOG": "json", "GANSCOPE_KEEP_GB": "1"}
        self.server = Server(["app.py"], self.folder, more, self.port, self.log)
        self.look()

    def end(self, number: int = signal.SIGTERM) -> float:
        """End the server by a signal; the seconds that it took."""
        self.look()
        started = time.monotonic()
        self.server.process.send_signal(number)
        self.server.process.wait(timeout=20)
        return time.monotonic() - started

    def look(self) -> None:
        """Note the processes of the server."""
        for process in self.server.family():
            if started := start_of(process):
                self.seen.add((process, started))

    def measure(self) -> None:
        """Note the processes, and the memory of the server's own one."""
        self.look()
        with contextlib.suppress(OSError, ValueError):
            self.memory.append((time.monotonic(), resident_mb(self.server.process.pid)))

    def alive(self) -> list[int]:
        """Processes of the server that are there still."""
        return [process for process, started in self.seen if start_of(process) == started]

    @contextlib.contextmanager
    def fault(self, name: str):
        """Within the context a fault goes on."""
        fault = Fault(name, time.monotonic())
        self.faults.append(fault)
        print(f"{fault.begin - self.began:7.0f} s  {name}", flush=True)
        try:
            yield
        finally:
            fault.end = time.monotonic()

    def faulty(self, since: float, name: str = "", echo: float = ECHO_SECONDS) -> bool:
        """Whether a fault (called `name…`) went on, or echoed, at some time since then."""
        return any(fault.end + echo > since for fault in self.faults if fault.name.startswith(name))

    def tell(self, sentence: object, since: float, what: str, came: float | None = None) -> str:
        """Note what a visitor, who came at the time `came`, was told after he asked for `what` at the time `since`."""
        if not is_sentence(sentence):
            self.fail(f"{what}: no sentence but {str(sentence)[:200]!r}")
            return "no sentence"
        self.said[sentence] += 1
        # A server that was started anew does not know who was there before.
        unknown = (
            "does not know this page" in sentence and came is not None and self.faulty(came, "restart")
        )
        if not (LIMITS.search(sentence) or self.faulty(since) or unknown):
            self.unexplained[f"{what}: {sentence}"] += 1
        return sentence

    def fail(self, words: str) -> None:
        """Note what no visitor should see."""
        self.failures[words] += 1
        print(f"{time.monotonic() - self.began:7.0f} s  FAILED {words}", flush=True)

    def lost(self, error: httpx.HTTPError, since: float, what: str) -> None:
        """Note an answer that did not come: a page says so in one sentence, where the server was down."""
        if self.faulty(since, "restart", echo=5):
            self.said["The server did not answer. (the page's own sentence)"] += 1
        else:
            self.fail(f"{what}: {error!r}")


def is_sentence(text: object) -> bool:
    """Whether this is what a visitor may be told: one or a few plain sentences, and not that nobody knows why."""
    return (
        isinstance(text, str)
        and 5 < len(text) < 500
        and not re.search(r"Traceback|Error\b|Exception|/tmp|\n", text)
        and text != FAULT
    )


def start_of(process: int) -> str:
    """When a process started, in the kernel's units; "" if it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def niceness_of(process: int) -> int | None:
    try:
        return os.getpriority(os.PRIO_PROCESS, process)
    except OSError:
        return None
