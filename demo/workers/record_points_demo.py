"""Record the session that the Points tab shows first: `python -m demo.workers.record_points_demo`."""

import gzip

import torch

from demo.workers.messages import RECORDED_SESSION
from demo.workers.points import SessionServer, frame_values, pack_blob
from gan.settings.config import TrainConfig

CONFIG = TrainConfig(data="ring", steps=10_000)
FRAMES = 90


def main() -> None:
    torch.set_num_threads(1)
    server = SessionServer()
    server.open(CONFIG, None)
    session, frames = server.session, []
    # Quadratic spacing: most changes happen in the first steps.
    for index in range(FRAMES):
        until = round(CONFIG.steps * (index / (FRAMES - 1)) ** 2)
        while session.steps < until:
            session.step()
        frames.append(session.frame(measured=True))
    header = {**server.describe(), "running": False, "over": False, "pace": 0.0}
    shown = [(frame_values(frame, session.config), frame) for frame in frames]
    blob = pack_blob(header, server.arrays(), shown)
    RECORDED_SESSION.write_bytes(gzip.compress(blob, 9, mtime=0))
    megabytes = RECORDED_SESSION.stat().st_size / 1e6
    print(f"{len(frames)} frames of {session.steps} steps: {RECORDED_SESSION} ({megabytes:.2f} MB)")


if __name__ == "__main__":
    main()
