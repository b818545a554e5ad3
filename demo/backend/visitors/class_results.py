"""What a teacher takes home of a class: a table as CSV, and a film of everybody's pictures."""

import csv
import io

import numpy as np
from PIL import Image

from demo.backend.visitors.classroom import Classroom
from gan.images import encode

COLUMNS = (
    "nickname", "lesson", "lessons done", "predictions", "right", "run", "data", "method", "seed", "state", "step",
    "distance",
)  # fmt: skip
SIDE = 256  # of a frame of the film, in pixels
# A cell that begins so is a formula for a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(classroom: Classroom) -> str:
    """A row for each student, in the order in which they came."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for row in classroom.board().get("students", ()):
        run, told = row["run"] or {}, row["predictions"].values()
        cells = (
            row["nickname"], row["chapter"], row["done"], len(told), sum(each["right"] for each in told),
            run.get("id", ""), run.get("data", ""), run.get("method", ""), run.get("seed", ""), run.get("state", ""),
            run.get("step", ""), run.get("distance") or "",
        )  # fmt: skip
        table.writerow([_cell(cell) for cell in cells])
    return text.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def as_film(classroom: Classroom) -> bytes:
    """A GIF: the newest samples of each student's run in turn. ValueError if nobody has a run with pictures."""
    frames = []
    for student in classroom.room.students.values() if classroom.room else ():
        run = classroom.run_of(student)
        if run and run.moments:
            sheet = Image.open(io.BytesIO(run.moments[-1].frame)).convert("RGB")
            frames.append(np.asarray(sheet.resize((SIDE, SIDE), Image.Resampling.LANCZOS)))
    if not frames:
        raise ValueError("Nobody in this room has a run with pictures yet.")
    return encode.gif(np.stack(frames), frames_per_second=1)
