"""The tutorial's mistakes, one line or two each, to be put into `tutorial_gan.py`: the chapter "Find the bug"."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

PROGRAM = Path(__file__).with_name("tutorial_gan.py")
LAST_GROWTH = "            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1),\n"
DRAW_REAL = "        real = real_images(BATCH)\n"
DRAW_FAKE = "        fake = g(torch.randn(BATCH, Z_DIM))\n"
D_LOSS = "        d_loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()\n"
G_LOSS = "        g_loss = F.softplus(-d(fake)).mean()\n"
G_STEP = "        g_optim.step()\n"


@dataclass(frozen=True)
class Bug:
    """`changes`: lines of the program, each with what takes its place."""

    name: str
    changes: tuple[tuple[str, str], ...]


BUGS = (
    Bug(
        "uint8",
        ((DRAW_FAKE, f"{DRAW_FAKE}        fake = ((fake + 1) * 127.5).to(torch.uint8).float()\n"),),
    ),
    Bug("wrong_network", ((G_STEP, "        d_optim.step()\n"),)),
    Bug("stride", ((LAST_GROWTH, "            nn.Conv2d(32, 1, 4, stride=2, padding=1),\n"),)),
    Bug("batch_norm", ((LAST_GROWTH, f"{LAST_GROWTH}            nn.BatchNorm2d(1),\n"),)),
    Bug(
        "sign",
        (
            (
                D_LOSS,
                "        d_loss = F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()\n",
            ),
        ),
    ),
    Bug(
        "one_batch",
        (
            (
                DRAW_REAL,
                "        real = real_images(1).expand(BATCH, 1, SIDE, SIDE) if step == 1 else real\n",
            ),
        ),
    ),
    Bug(
        "sigmoid",
        (
            (
                D_LOSS,
                "        d_loss = torch.sigmoid(fake_logits).mean() - torch.sigmoid(real_logits).mean()\n",
            ),
            (G_LOSS, "        g_loss = -torch.sigmoid(d(fake)).mean()\n"),
        ),
    ),
)


def program(bug: str = "") -> str:
    """The program's source, with a bug if one is named; ValueError if there is none of that name."""
    source = PROGRAM.read_text(encoding="utf-8")
    for line, instead in find(bug).changes if bug else ():
        source = source.replace(line, instead)
    return source


def find(name: str) -> Bug:
    """The bug of that name; ValueError names those that there are."""
    found = [bug for bug in BUGS if bug.name == name]
    if not found:
        raise ValueError(f"There is no bug {name!r}: choose {', '.join(bug.name for bug in BUGS)}.")
    return found[0]


def changed_lines(bug: str = "") -> list[dict]:
    """The program's lines: {text, changed, instead}; `instead` are the lines that a changed one takes the place of."""
    old, new = program().splitlines(), program(bug).splitlines()
    lines = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        for at in range(new_from, new_to):
            instead = old[old_from:old_to] if kind == "replace" and at == new_from else []
            lines.append({"text": new[at], "changed": kind != "equal", "instead": instead})
    return lines
