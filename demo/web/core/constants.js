// Written by `make constants` from Python (demo/web_constants.py): do not edit.
export const MAX_SEED = 4294967295;
export const TABS = ["explore", "walk", "breed", "inside", "find", "train", "compare", "report", "points", "learn"];
export const OPENING_FIELDS = ["walk", "breed", "inside", "run", "train", "compare", "points", "learn"];
export const EARLIER_WEIGHTS = [
  ["digits", "", "digits-unconditional"],
  ["faces", "", "faces64"],
  ["faces", "672dec63df72", "faces64"],
];
export const REACH = 3;
export const MAX_TRUNCATION = 2;
export const MAX_DIRECTIONS = 32;
export const DRAFT = 64;
export const MAX_KEYS = 24;
export const MAX_FRAMES = 240;
export const PACKAGE_NEEDED = "Once, inside a clone of GANscope, run \u201cpython -m pip install .\u201d.";
export const MASK_GRID = 32;
export const MAX_UNIT_FACTOR = 3.0;
export const HOLD_SHARE = 0.078125;
export const MAX_PULL_POINTS = 8;
export const MAX_PULLS = 12;
export const MAX_HOLDS = 16;
export const MAX_PULL_STEPS = 80;
export const MAX_TOTAL_PULL_STEPS = 160;
export const MAP_PLACES = 10000;
export const MAX_RECIPE_PICTURES = 200;
export const MAX_RECIPE_LETTERS = 60000;
export const MAX_TARGET_BYTES = 20000000;
export const MAX_SEARCH_STEPS = 2000;
export const MAX_SEARCH_STARTS = 32;
export const MAX_UPLOAD_FILES = 100000;
export const MAX_UPLOAD_BYTES = 500000000;
export const UPLOAD_TOKEN = "x-ganscope-page";
export const ACTIVE_STATES = ["queued", "starting", "running", "paused", "stopping"];
export const LOSSES = ["minimax", "nonsaturating", "lsgan", "hinge", "wasserstein", "relativistic"];
export const ACTIVATIONS = ["leaky_relu", "relu", "tanh"];
export const NOISES = ["gaussian", "uniform"];
export const OPTIMISERS = ["adam", "rmsprop"];
