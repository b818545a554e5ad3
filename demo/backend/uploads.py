"""What visitors hand in, pictures and weights: where it lies, whose it is, and when it is removed.

A set is a folder of its own under one temporary folder (`GANSCOPE_OWN`, for processes of ours). Its id
is unguessable, and of its pictures nothing is given to another session than the one that handed it in.
Files come as packs (demo/workers/upload_format.py) and keep none of their names. A set goes when its page is
closed or when nothing was asked of it for an hour, but never while a run trains on it.
"""

import atexit
import contextlib
import functools
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from demo.backend.jobs import Job
from gan.common import checks
from gan.common.files import tensor_shapes
from gan.data.sources import UPLOAD_PREFIX, upload_file
from gan.images.decode import FIT_MODES, parse_colour
from gan.settings.config import CHANNELS, SIZES

MAX_BYTES = 500 * 10**6  # of a set
MAX_TOTAL_BYTES = 4 * 10**9
MIN_FREE_BYTES = 10**9  # of the disk
MAX_SETS = 200
MAX_SETS_PER_OWNER = 6
MAX_TOKENS = 20_000
UNUSED_SECONDS = 3600.0
# A connection that hiccups looks as if the page had been closed.
CLOSED_SECONDS = 20.0
CLEAN_SECONDS = 5.0
FOLDER_PREFIX = "ganscope-own-"
TOKEN_HEADER = "x-ganscope-page"
PREPROCESSING = ("size", "channels", "fit", "background")


@dataclass
class Upload:
    """Files of one visitor."""

    id: str
    owner: str
    folder: Path
    title: str = "your weights"  # in a menu of models
    bytes: int = 0
    used: float = field(default_factory=time.monotonic)
    left: float | None = None  # since when its page is gone
    count: int = 0  # packs that came, or began to
    busy: int = 0  # uploads that are under way, and comparisons
    jobs: list[Job] = field(default_factory=list)  # that read it

    @contextlib.contextmanager
    def needed(self) -> Iterator[None]:
        """Inside, it is not removed."""
        self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1

    @property
    def packs(self) -> Path:
        return self.folder / "packs"

    @property
    def weights(self) -> Path:
        return self.folder / "weights"

    @property
    def name(self) -> str:
        """What `gan.data.load.load_images` and the `GeneratorStore` know it as."""
        return UPLOAD_PREFIX + self.id


class Uploads:
    """All sets of this server. `in_use(name)` says whether a run trains on a set."""

    def __init__(self, in_use: Callable[[str], bool] = lambda name: False):
        root()  # so that every process that is started from now on knows where it is
        self.in_use = in_use
        self.sets: dict[str, Upload] = {}
        self.tokens: dict[str, str] = {}  # what a page shows to the routes -> its session
        self.lock = threading.Lock()
        self.closed = threading.Event()
        self.cleaner: threading.Thread | None = None

    def token(self, session: str) -> str:
        """What the page of a session shows, to hand something in."""
        token = secrets.token_hex(16)
        self.tokens[token] = session
        while len(self.tokens) > MAX_TOKENS:
            del self.tokens[next(iter(self.tokens))]
        return token

    def session(self, token: object) -> str:
        """Whose token this is; ValueError if it is nobody's."""
        if isinstance(token, str) and token in self.tokens:
            return self.tokens[token]
        raise ValueError("This page is no longer known here: reload it, then try again.")

    def open(self, owner: str) -> Upload:
        """A new, empty set; the owner's oldest idle one makes room. ValueError if there is none."""
        with self.lock:
            mine = [each for each in self.sets.values() if each.owner == owner]
            idle = [each for each in mine if not self._needed(each)]
            if len(mine) >= MAX_SETS_PER_OWNER:
                if not idle:
                    raise ValueError("You have handed in as much as is kept: wait for a run to end.")
                self._remove(min(idle, key=lambda each: each.used))
            if len(self.sets) >= MAX_SETS:
                raise ValueError("Too many people have handed in files: try again in a few minutes.")
            name = secrets.token_hex(16)
            made = Upload(name, owner, root() / name)
            made.packs.mkdir(parents=True)
            self.sets[name] = made
            if self.cleaner is None:
                self.cleaner = threading.Thread(target=self._clean_on, daemon=True)
                self.cleaner.start()
        return made

    def find(self, name: object, owner: str) -> Upload:
        """A set by its id, for its owner only; ValueError as if there were none for everyone else."""
        found = self.sets.get(name) if isinstance(name, str) else None
        if found is None or found.owner != owner:
            raise ValueError(
                "These files are no longer here: they are kept while this page is open, and an hour "
                "unused. Drop them again."
            )
        found.used, found.left = time.monotonic(), None
        return found

    def check(self, data: str, owner: str) -> None:
        """ValueError if `data` is a set that is not the owner's."""
        if data.startswith(UPLOAD_PREFIX):
            self.find(data.removeprefix(UPLOAD_PREFIX), owner)

    def needed(self, data: str, owner: str) -> contextlib.AbstractContextManager:
        """Inside, `data` is not removed, if it is a set of the owner's; ValueError if another's."""
        if not data.startswith(UPLOAD_PREFIX):
            return contextlib.nullcontext()
        return self.find(data.removeprefix(UPLOAD_PREFIX), owner).needed()

    def reserve(self, own: Upload, count: int) -> None:
        """Count bytes that are about to be written; ValueError when they would be too many."""
        with self.lock:
            if own.bytes + count > MAX_BYTES:
                raise ValueError(
                    f"This is larger than {MAX_BYTES // 10**6} MB, the most that may be handed in: "
                    "choose fewer pictures, or smaller ones."
                )
            in_all = sum(each.bytes for each in self.sets.values())
            if (
                in_all + count > MAX_TOTAL_BYTES
                or shutil.disk_usage(own.folder).free < MIN_FREE_BYTES + count
            ):
                raise ValueError("There is no room for more files at the moment: try again later.")
            own.bytes += count

    def counted(self, name: str, *shape) -> int:
        """How many pictures a set has, looked at in this way; ValueError if it was not yet."""
        try:
            return tensor_shapes(upload_file(name, *shape))["pixels"][0]
        except ValueError:
            raise ValueError("Wait until your pictures have been read, then press Train.") from None

    def models(self, owner: str) -> list[Upload]:
        """Sets of a visitor that hold a generator."""
        mine = [each for each in list(self.sets.values()) if each.owner == owner]
        return [each for each in mine if (each.weights / "model.safetensors").is_file()]

    def remove(self, own: Upload) -> None:
        """Remove a set, at once or when the run that trains on it has ended."""
        own.left = float("-inf")
        self.clean()

    def leave(self, session: str) -> None:
        """The page of a session is gone."""
        for own in list(self.sets.values()):
            if own.owner == session and own.left is None:
                own.left = time.monotonic()

    def clean(self) -> None:
        """Remove what nobody needs any more."""
        now = time.monotonic()
        with self.lock:
            for own in list(self.sets.values()):
                gone = own.left is not None and now - own.left > CLOSED_SECONDS
                if (gone or now - own.used > UNUSED_SECONDS) and not self._needed(own):
                    self._remove(own)

    def close(self) -> None:
        """Remove everything; called when the server stops."""
        self.closed.set()
        with self.lock:
            for own in list(self.sets.values()):
                self._remove(own)

    def _needed(self, own: Upload) -> bool:
        reading = any(not job.over for job in own.jobs)
        return bool(own.busy) or reading or self.in_use(own.name)

    def _remove(self, own: Upload) -> None:
        self.sets.pop(own.id, None)
        shutil.rmtree(own.folder, ignore_errors=True)

    def _clean_on(self) -> None:
        while not self.closed.wait(CLEAN_SECONDS):
            self.clean()


@functools.cache
def root() -> Path:
    """The folder of all sets of this process, removed with it."""
    _remove_orphans()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-"))
    os.environ["GANSCOPE_OWN"] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _remove_orphans() -> None:
    """What a server that was killed left behind; what is another user's cannot be removed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        number = folder.name.removeprefix(FOLDER_PREFIX).partition("-")[0]
        if number.isdecimal() and not _alive(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def read_preprocessing(asked: dict) -> dict:
    """How squares are to be made of pictures, as a page asks for it; ValueError if it is unclear."""
    for name in asked:
        checks.choice("setting", name, PREPROCESSING)
    parse_colour(asked.get("background", "#ffffff"))
    return {
        "size": checks.choice("size", asked.get("size", 32), SIZES),
        "channels": checks.choice("channels", asked.get("channels", 3), CHANNELS),
        "fit": checks.choice("fit", asked.get("fit", "crop"), FIT_MODES),
        "background": asked.get("background", "#ffffff").lower(),
    }
