"""How much of a generator's inside may be changed at once. Free of PyTorch."""

MAX_FACTOR = 3.0  # of a unit
GRID = 32  # side of a brush's mask
MAX_LETTERS, MAX_EDITS = 8000, 200  # of a text of edits, and parts in it
HOLD_SHARE = 10 / 128  # radius of what a pull holds, as a share of the picture's side
# Of pulls and holds (gan/inside/drag.py): points and steps of one, how many, and steps of all together.
MAX_POINTS, MAX_STEPS, MAX_PULLS, MAX_HOLDS, MAX_TOTAL_STEPS = 8, 80, 12, 16, 160
