"""Play the finished session that Points opens on, and write it: `python -m demo.workers.record_points_demo`."""

import gzip

import torch

from demo.workers.messages import RECORDED
from demo.workers.points import SessionServer, numbers, packed
from gan.settings.config import TrainConfig

CONFIG = TrainConfig(data="ring", steps=10_000)
FRAMES = 90


def main() -> None:
    torch.set_num_threads(1)
    server = SessionServer()
    server.open(CONFIG, None)
    session, frames = server.session, []
    # Most happens early: the moments are the denser there.
    for place in range(FRAMES):
        goal = round(CONFIG.steps * (place / (FRAMES - 1)) ** 2)
        while session.steps < goal:
            session.step()
        frames.append(session.frame(measured=True))
    about, arrays = server.about(), server.arrays()
    shown = [(numbers(frame, session.config), frame) for frame in frames]
    blob = packed({**about, "running": False, "over": False, "pace": 0.0}, arrays, shown)
    RECORDED.write_bytes(gzip.compress(blob, 9, mtime=0))
    print(
        f"{len(frames)} moments of {session.steps} steps: {RECORDED} ({RECORDED.stat().st_size / 1e6:.2f} MB)"
    )


if __name__ == "__main__":
    main()
