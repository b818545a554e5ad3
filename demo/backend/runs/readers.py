"""Who reads: the event streams that are open now, and the watchers of runs that depend on them.

Gradio pulls a generator to its end whether or not anybody reads what it yields. So a stream of a run's
numbers counts as a watcher only while its caller reads them. demo/routes/streams.py notes the streams
that are open, demo/tabs/page_blocks.py which of them the generator at work belongs to.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

# So long may a caller take to begin to read, be silent on a slow line, or come back.
READER_SECONDS = 15.0
# Names the tool call of an assistant, whose client within the server reads for all assistants alike.
CALL_HEADER = "x-ganscope-call"


@dataclass(eq=False)
class Stream:
    """One open response. `sending_since`: when the last part was sent, while the client has not taken it."""

    sending_since: float | None = None

    @property
    def flows(self) -> bool:
        return self.sending_since is None or time.monotonic() - self.sending_since < READER_SECONDS


class Readers:
    """The open streams, by the ids of their session, event or call."""

    def __init__(self):
        self.streams: dict[str, list[Stream]] = {}

    def open(self, key: str) -> Stream:
        """Note a stream for `key`; whoever opens it closes it."""
        stream = Stream()
        self.streams.setdefault(key, []).append(stream)
        return stream

    def close(self, key: str, stream: Stream) -> None:
        """Forget a stream."""
        self.streams[key].remove(stream)
        if not self.streams[key]:
            del self.streams[key]

    def read(self, keys: frozenset[str]) -> bool:
        """Whether a stream of one of these ids is open, and its client takes what is sent."""
        return any(stream.flows for key in keys for stream in list(self.streams.get(key, ())))


# Whether the caller of the generator at work reads; not set outside of Gradio's events.
caller_reads: ContextVar[Callable[[], bool]] = ContextVar("caller_reads", default=lambda: True)


@dataclass(eq=False)
class Watcher:
    """A generator that shows runs to its caller: present while it is pulled, and what it yields is read."""

    reads: Callable[[], bool] = field(default_factory=caller_reads.get)
    last_read: float = field(default_factory=time.monotonic)
    last_pull: float = field(default_factory=time.monotonic)

    def pulled(self) -> None:
        """Note that the generator is at work; one that nobody pulls stands still."""
        self.last_pull = time.monotonic()

    def present(self) -> bool:
        """Whether it counts; to be asked more often than every `READER_SECONDS`."""
        now = time.monotonic()
        if self.reads():
            self.last_read = now
        return now - min(self.last_read, self.last_pull) <= READER_SECONDS
