"""Uploads of visitors, pictures and weights: where they are stored, who owns them, when they are removed.

An upload is a set of files in its own folder below one temporary folder (`GANSCOPE_OWN` for child
processes). Its id is random; its pictures are served only to the session that uploaded them. Files
arrive as packs (demo/workers/upload_format.py), without their names on disk. An upload is removed when its
page is closed or after an hour without use, but never while a run trains on it.
"""

import contextlib
import functools
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from demo.backend.jobs.jobs import Job
from demo.backend.owned_folder import owned_folder
from gan.common import checks
from gan.common.files import tensor_shapes
from gan.data.sources import UPLOAD_PREFIX, upload_file
from gan.images.decode import FIT_MODES, parse_colour
from gan.models.registry import WEIGHTS_FILE
from gan.settings.config import CHANNELS, SIZES

MAX_BYTES = 500 * 10**6  # of one upload
MAX_TOTAL_BYTES = 4 * 10**9
MIN_FREE_BYTES = 10**9  # to leave on the disk
MAX_SETS = 200  # of all owners
MAX_SETS_PER_OWNER = 6
MAX_TOKENS = 20_000
UNUSED_SECONDS = 3600.0
# What a page has asked for may come after the news that it was closed.
CLOSED_SECONDS = 20.0
CLEAN_SECONDS = 5.0
FOLDER_PREFIX = "ganscope-own-"
TOKEN_HEADER = "x-ganscope-page"
PREPROCESSING = ("size", "channels", "fit", "background")


@dataclass
class Upload:
    """A set of files that one session uploaded."""

    id: str
    owner: str
    folder: Path
    title: str = "your weights"  # in the model menu
    bytes: int = 0
    used: float = field(default_factory=time.monotonic)
    closed_at: float | None = None  # when its page was closed
    count: int = 0  # packs received or being received
    holds: int = 0  # number of contexts in `hold`
    jobs: list[Job] = field(default_factory=list)  # jobs that read it

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Keep the upload from being removed inside the context."""
        self.holds += 1
        try:
            yield
        finally:
            self.holds -= 1

    @property
    def packs(self) -> Path:
        return self.folder / "packs"

    @property
    def weights(self) -> Path:
        return self.folder / "weights"

    @property
    def name(self) -> str:
        """Its name for `gan.data.load.load_images` and `GeneratorStore`."""
        return UPLOAD_PREFIX + self.id


class Uploads:
    """All uploads of this server. `in_use(name)` says whether a run trains on one; `removed(name)` is called for
    each that is removed."""

    def __init__(
        self,
        in_use: Callable[[str], bool] = lambda name: False,
        removed: Callable[[str], None] = lambda name: None,
    ):
        uploads_folder()  # sets GANSCOPE_OWN before child processes start
        self.in_use, self.removed = in_use, removed
        self.sets: dict[str, Upload] = {}
        self.tokens: dict[str, str] = {}  # token that a page sends to the routes -> its session
        self.lock = threading.Lock()
        self.closed = threading.Event()
        self.cleaner: threading.Thread | None = None

    def issue_token(self, session: str) -> str:
        """A new token by which a page's requests to the upload routes name its session."""
        token = secrets.token_hex(16)
        self.tokens[token] = session
        while len(self.tokens) > MAX_TOKENS:
            del self.tokens[next(iter(self.tokens))]
        return token

    def session_of(self, token: object) -> str:
        """The session of a token; ValueError for an unknown one."""
        if isinstance(token, str) and token in self.tokens:
            return self.tokens[token]
        raise ValueError("The server does not know this page any more: reload it, then try again.")

    def create(self, owner: str) -> Upload:
        """A new, empty upload. At the owner's limit the least recently used idle one is removed.

        ValueError if none is idle, or if the server's limit is reached.
        """
        with self.lock:
            mine = [each for each in self.sets.values() if each.owner == owner]
            idle = [each for each in mine if not self._in_use(each)]
            if len(mine) >= MAX_SETS_PER_OWNER:
                if not idle:
                    raise ValueError("You have as many uploads as are kept: wait for a run to end.")
                self._remove(min(idle, key=lambda each: each.used))
            if len(self.sets) >= MAX_SETS:
                raise ValueError(
                    "There are too many uploads on this server: try again in a few minutes."
                )
            name = secrets.token_hex(16)
            made = Upload(name, owner, uploads_folder() / name)
            made.packs.mkdir(parents=True)
            self.sets[name] = made
            if self.cleaner is None:
                self.cleaner = threading.Thread(target=self._clean_forever, daemon=True)
                self.cleaner.start()
        return made

    def find(self, name: object, owner: str) -> Upload:
        """The upload with this id; ValueError if there is none, or if it has another owner."""
        found = self.sets.get(name) if isinstance(name, str) else None
        if found is None or found.owner != owner:
            raise ValueError(
                "These uploaded files are no longer here: an upload is kept while its page is open, and for an "
                "hour without use. Upload them again."
            )
        found.used, found.closed_at = time.monotonic(), None
        return found

    def check(self, data: str, owner: str) -> None:
        """ValueError if `data` is an upload of another owner."""
        if data.startswith(UPLOAD_PREFIX):
            self.find(data.removeprefix(UPLOAD_PREFIX), owner)

    def hold(self, data: str, owner: str) -> contextlib.AbstractContextManager:
        """Context that keeps `data` from being removed, if it is an upload; ValueError as `find`."""
        if not data.startswith(UPLOAD_PREFIX):
            return contextlib.nullcontext()
        return self.find(data.removeprefix(UPLOAD_PREFIX), owner).hold()

    def reserve(self, upload: Upload, count: int) -> None:
        """Count bytes that are about to be written; ValueError if they exceed a limit."""
        with self.lock:
            if upload.bytes + count > MAX_BYTES:
                raise ValueError(
                    f"This is larger than {MAX_BYTES // 10**6} MB, the limit of one upload: "
                    "choose fewer pictures, or smaller ones."
                )
            in_all = sum(each.bytes for each in self.sets.values())
            if (
                in_all + count > MAX_TOTAL_BYTES
                or shutil.disk_usage(upload.folder).free < MIN_FREE_BYTES + count
            ):
                raise ValueError("There is no room for more files at the moment: try again later.")
            upload.bytes += count

    def release(self, upload: Upload, count: int) -> None:
        """Give back what `reserve` counted for files that were not kept."""
        with self.lock:
            upload.bytes -= count

    def count_pictures(self, name: str, *shape) -> int:
        """How many pictures were decoded with this preprocessing; ValueError if none were yet."""
        try:
            return tensor_shapes(upload_file(name, *shape))["pixels"][0]
        except ValueError:
            raise ValueError("Wait until your pictures have been read, then press Train.") from None

    def models(self, owner: str) -> list[Upload]:
        """The owner's uploads that contain a generator."""
        mine = [each for each in list(self.sets.values()) if each.owner == owner]
        return [each for each in mine if (each.weights / WEIGHTS_FILE).is_file()]

    def remove(self, upload: Upload) -> None:
        """Remove an upload, at once or when the run that trains on it has ended."""
        upload.closed_at = float("-inf")
        self.clean()

    def page_closed(self, session: str) -> None:
        """Note that a session's page was closed: its uploads are removed after `CLOSED_SECONDS`."""
        for upload in list(self.sets.values()):
            if upload.owner == session and upload.closed_at is None:
                upload.closed_at = time.monotonic()

    def clean(self) -> None:
        """Remove uploads whose page was closed, and unused ones."""
        now = time.monotonic()
        with self.lock:
            for upload in list(self.sets.values()):
                gone = upload.closed_at is not None and now - upload.closed_at > CLOSED_SECONDS
                if (gone or now - upload.used > UNUSED_SECONDS) and not self._in_use(upload):
                    self._remove(upload)

    def close(self) -> None:
        """Remove everything; called when the server stops."""
        self.closed.set()
        with self.lock:
            for upload in list(self.sets.values()):
                self._remove(upload)

    def _in_use(self, upload: Upload) -> bool:
        reading = any(not job.over for job in upload.jobs)
        return bool(upload.holds) or reading or self.in_use(upload.name)

    def _remove(self, upload: Upload) -> None:
        self.sets.pop(upload.id, None)
        shutil.rmtree(upload.folder, ignore_errors=True)
        self.removed(upload.name)

    def _clean_forever(self) -> None:
        while not self.closed.wait(CLEAN_SECONDS):
            self.clean()


@functools.cache
def uploads_folder() -> Path:
    """The folder of this process's uploads, created once and removed at exit."""
    folder = owned_folder(FOLDER_PREFIX)
    os.environ["GANSCOPE_OWN"] = str(folder)
    return folder


def read_preprocessing(settings: dict) -> dict:
    """Checked settings for making squares of pictures, with defaults; ValueError if one is invalid."""
    for name in settings:
        checks.choice("setting", name, PREPROCESSING)
    parse_colour(settings.get("background", "#ffffff"))
    return {
        "size": checks.choice("size", settings.get("size", 32), SIZES),
        "channels": checks.choice("channels", settings.get("channels", 3), CHANNELS),
        "fit": checks.choice("fit", settings.get("fit", "crop"), FIT_MODES),
        "background": settings.get("background", "#ffffff").lower(),
    }
