// Numbers, seeds and addresses as texts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { classRule, classTitle } from "../../demo/web/core/classes.js";
import { MAX_SEED } from "../../demo/web/core/constants.js";
import { nameWith } from "../../demo/web/core/dom.js";
import { placeOf } from "../../demo/web/core/earlier_weights.js";
import { toBytes, toText } from "../../demo/web/core/latent_text.js";
import { fieldReader } from "../../demo/web/core/link_fields.js";
import { fileName, isSeed, number, readSeeds, tenths, whole } from "../../demo/web/core/numbers.js";
import { fieldsFrom, fromAddress, misfits } from "../../demo/web/explore/link.js";
import { changesIn, classAt, crossingWords } from "../../demo/web/walk/crossings.js";
import * as recordings from "../../demo/web/run/recorded.js";
import { paceOf } from "../../demo/web/run/run_status.js";
import { walkFields, walkFrom } from "../../demo/web/walk/link.js";

test("bytes survive as text that an address may hold", () => {
  for (let length = 0; length < 9; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => 251 + i * 37), text = toText(bytes);
    assert.match(text, /^[\w-]*$/);
    assert.deepEqual(toBytes(text), bytes);
  }
});

test("numbers", () => {
  assert.equal(number(1234.5), "1,230");
  assert.equal(number(0.00123456, 2), "0.001");
  assert.equal(number(-0), "0");
  assert.equal(number(NaN), "–");
  assert.equal(tenths(59.96), "60");
  assert.equal(tenths(1234.56), "1,234.6");
  assert.equal(whole(1234567.4), "1,234,567");
  assert.equal(fileName("run:ab/ c 1"), "run-ab-c-1");
});

test("seeds", () => {
  assert.deepEqual(readSeeds(" 3, 14;15\n 9 "), [3, 14, 15, 9]);
  assert.deepEqual(readSeeds(String(MAX_SEED)), [MAX_SEED]);
  for (const text of ["", " ,; ", "3, x", "-1", "1.5", "1e3", String(MAX_SEED + 1), "99999999999"]) {
    assert.equal(readSeeds(text), null, text);
  }
  for (const value of [0, 1, MAX_SEED]) assert.ok(isSeed(value));
  for (const value of [-1, 0.5, NaN, MAX_SEED + 1, "7", null]) assert.ok(!isSeed(value), String(value));
});

const info = {
  name: "faces",
  weights: "0123456789ab",
  z_dim: 64,
  sets: [
    { key: "named", directions: [{ name: "glasses" }, { name: "long hair" }] },
    { key: "sefa", directions: [{ name: "1" }, { name: "2" }, { name: "3" }] },
    { key: "pca", directions: null },
  ],
};
const state = {
  model: "faces",
  info,
  seed: 7,
  zName: null,
  truncation: 0.75,
  set: "sefa",
  moves: { named: [0, -1.5], sefa: [0.5, 0, 2] },
  edits: { 3: -0.25, 60: 1 },
};
const fields = (query) => new URLSearchParams(query);

test("a link to Explore says its state, and only that", () => {
  const link = fields(fieldsFrom(state));
  assert.deepEqual(fromAddress(link), {
    model: "faces",
    weights: info.weights,
    seed: 7,
    truncation: 0.75,
    set: "sefa",
    moves: { sefa: [0.5, 0, 2], named: [["long hair", -1.5]] },
    edits: { 3: -0.25, 60: 1 },
    problems: [],
  });
  assert.deepEqual(misfits(fromAddress(link), info), []);
  assert.deepEqual(fieldsFrom({ ...state, info: null }), {});
});

test("a latent that is no seed's takes the seed's place in a link", () => {
  const z = Float32Array.of(1, -0.5, 0), link = fields(fieldsFrom({ ...state, zName: "a child", z }));
  assert.equal(link.get("seed"), null);
  assert.equal(fromAddress(link).at, "ABAA-AAA");
});

test("what is wrong in a link is left out, and said with what would be right", () => {
  const wrong = {
    "seed=abc": "In this link, seed=abc is no whole number from 0 to 4,294,967,295.",
    "seed=": "In this link, seed= is no whole number from 0 to 4,294,967,295.",
    "seed=-1": "In this link, seed=-1 is no whole number from 0 to 4,294,967,295.",
    "seed=1.5": "In this link, seed=1.5 is no whole number from 0 to 4,294,967,295.",
    "truncation=7": "In this link, truncation=7 is no number from 0 to 2.",
    "truncation=NaN": "In this link, truncation=NaN is no number from 0 to 2.",
    "set=none": "In this link, set=none is none of named, classes, pca, sefa.",
    "moves=1,9": "In this link, moves=1,9 is no list of numbers from -3 to 3.",
    "moves=1,,2": "In this link, moves=1,,2 is no list of numbers from -3 to 3.",
    "tab=walks":
      "In this link, tab=walks is none of explore, walk, breed, inside, find, train, compare, report, points, learn.",
    "named=glasses:4": "In this link, named=glasses:4 is no direction with a number from -3 to 3, such as glasses:1.5.",
    "classes=%3Cb%3E:1": "In this link, classes=<b>:1 is no direction with a number from -3 to 3, such as glasses:1.5.",
    "z=x:1": "In this link, z=x:1 is no number of z with a value from -4 to 4, such as 3:1.25.",
    "z=1:99": "In this link, z=1:99 is no number of z with a value from -4 to 4, such as 3:1.25.",
  };
  for (const [query, sentence] of Object.entries(wrong)) {
    assert.deepEqual(fromAddress(fields(query)), { moves: {}, edits: {}, problems: [sentence] }, query);
  }
  const all = fromAddress(fields("seed=-1&truncation=7&z=1:99,2:0.5,x:1&utm_source=mail"));
  assert.deepEqual([all.edits, all.problems.length], [{ 2: 0.5 }, 3]);
});

test("what of a link does not fit its model", () => {
  const sentences = (query) => misfits(fromAddress(fields(query)), info);
  assert.deepEqual(sentences("set=classes"), ["In this link, set=classes is none of this model's: named, sefa, pca."]);
  assert.deepEqual(sentences("named=hat:1,glasses:1"), ["In this link, named=hat is no direction of this model."]);
  assert.deepEqual(sentences("classes=a:1"), ["In this link, classes has directions that this model does not have."]);
  assert.deepEqual(sentences("moves=1,1,1,1"), ["In this link, moves has 4 numbers: this model has 3 directions."]);
  assert.deepEqual(sentences("z=64:1"), ["In this link, z=64:1 is beyond this model's z0 to z63."]);
  // Old links have zeros for directions that a model does not have.
  assert.deepEqual(sentences("moves=1,0,0,0,0,0,0,0&named=glasses:1&z=63:1&set=pca"), []);
});

test("a link shows the picture that it was made of, also after the weights were replaced", () => {
  const opened = (query) => fromAddress(fields(query)).model;
  const old = ["seed=3", "at=ABAA", "moves=1", "z=3:1", "named=glasses:1"];
  for (const picture of old) assert.equal(opened(`model=digits&${picture}`), "digits-unconditional", picture);
  for (const query of ["model=digits", "model=digits&weights=0123456789ab&seed=3"]) {
    assert.equal(opened(query), "digits", query);
  }
  assert.equal(opened("model=photos&seed=3"), "photos");
  for (const hostile of ["__proto__", "constructor", "toString"]) {
    assert.equal(opened(`model=digits&seed=3&weights=${hostile}`), "digits");
    assert.equal(opened(`model=${hostile}&seed=3`), hostile);
  }
  const other = "In this link, weights=77 is not what faces has now, 0123456789ab: it draws other pictures.";
  assert.deepEqual(misfits(fromAddress(fields("model=faces&seed=3&weights=77")), info), [other]);
  assert.deepEqual(walkFrom(info, fields("walk=faces&keys=1,2&weights=77")).problems, [other]);
});

test("pictures kept in a browser stay with the weights that drew them", () => {
  assert.equal(placeOf("digits-unconditional", { weights: "ab" }), "digits");
  assert.equal(placeOf("digits", { weights: "cd" }), "digits cd");
  assert.equal(placeOf("photos", { weights: "ef" }), "photos");
  assert.equal(placeOf("constructor", { weights: "ef" }), "constructor");
});

test("the class in links", () => {
  const state = {
    model: "photos",
    info: { sets: [], weights: "ab" },
    seed: 4,
    truncation: 1,
    set: "sefa",
    moves: {},
    edits: {},
  };
  assert.equal(fieldsFrom(state, "horse").class, "horse");
  assert.ok(!("class" in fieldsFrom(state)));
  assert.equal(fromAddress(fields("model=photos&class=horse")).class, "horse");
  const walk = { model: "photos", info, keys: [{ seed: 1 }, { seed: 2 }], frames: 9, mode: "slerp", closed: false };
  assert.equal(walkFields({ ...walk, text: "3" }).class, "3");
  assert.ok(!("class" in walkFields(walk)));
});

test("what a link's class must be", () => {
  const named = { classes: 2, class_names: ["cat", "dog"] }, many = Array.from({ length: 30 }, (_, i) => `c${i}`);
  assert.equal(classRule(named), "is no class of this model: cat, dog");
  assert.equal(classRule({ classes: 2, class_names: [] }), "is no class of this model, a number from 0 to 1");
  assert.match(classRule({ classes: 30, class_names: many }), /c19 and 10 more$/);
  assert.deepEqual([classTitle(named, 1), classTitle({ classes: 2, class_names: [] }, 1)], ["dog", "class 1"]);
});

test("where a walk changes its class, in words", () => {
  const title = (index) => ["cat", "dog", "cow"][index];
  const changes = changesIn("0:1,6:0,14:2,15:1,20:0");
  assert.deepEqual(changes, [[0, 1], [6, 0], [14, 2], [15, 1], [20, 0]]);
  assert.deepEqual([0, 5, 6, 19, 99].map((frame) => classAt(changes, frame)), [1, 1, 0, 1, 0]);
  assert.equal(
    crossingWords(changes, title),
    "The class changes 4 times, and there the picture jumps: dog to cat at frame 7, cat to cow at frame 15, " +
      "cow to dog at frame 16, and 1 more.",
  );
  assert.match(crossingWords(changes.slice(0, 2), title), /changes once, .*: dog to cat at frame 7\.$/);
  assert.equal(crossingWords([[0, 1]], title), "");
  assert.deepEqual([changesIn(null), classAt([], 3)], [[], undefined]);
});

test("a link to a walk", () => {
  const keys = [{ seed: 1, z: Float32Array.of(0, 0, 0) }, { z: Float32Array.of(1, -0.5, 0.25) }];
  const walk = {
    model: "digits",
    info: { name: "digits", z_dim: 3, weights: "ab" },
    keys,
    frames: 12,
    mode: "lerp",
    closed: true,
  };
  const link = fields(walkFields(walk));
  const read = walkFrom(walk.info, link);
  assert.deepEqual(read, {
    keys: [{ seed: 1 }, { z: keys[1].z }],
    frames: 12,
    mode: "lerp",
    closed: true,
    problems: [],
  });
  assert.throws(() => walkFrom({ ...walk.info, z_dim: 4 }, link), /do not fit the model/);
  for (
    const [query, words] of [
      ["keys=1", /2 to 24/],
      ["keys=1,x", /keys=x do not fit.*from 0 to 4,294,967,295/],
      ["keys=1,4294967296", /keys=4294967296 do not fit/],
      [`keys=${Array(25).fill(1)}`, /25 of the 2 to 24/],
    ]
  ) assert.throws(() => walkFrom(walk.info, fields(query)), words);
  assert.deepEqual(walkFrom(walk.info, fields("keys=1,2&frames=9999&way=none&closed=yes")), {
    keys: [{ seed: 1 }, { seed: 2 }],
    frames: undefined,
    mode: "slerp",
    closed: false,
    problems: [
      "In this link, frames=9999 is no whole number from 2 to 240.",
      "In this link, way=none is none of slerp, lerp.",
      "In this link, closed=yes is none of 0, 1.",
    ],
  });
});

test("a name for assistive technology contains the visible text", () => {
  assert.equal(nameWith("Save", "Save the picture"), "Save the picture");
  assert.equal(nameWith("Copy link", "Copy a link that opens it"), "Copy link: Copy a link that opens it");
  assert.equal(nameWith("◀", "Previous seed"), "Previous seed");
});

test("a link's numbers are decimal, as Python reads them", () => {
  for (const [text, seed] of [["7", 7], [" 7 ", 7], ["+5", 5], ["1e3", 1000], ["7.0", 7]]) {
    assert.equal(fieldReader(new URLSearchParams({ seed: String(text) })).seed("seed"), seed);
  }
  for (const seed of ["", " ", "0x10", "0b1", "Infinity", "1_000", "1,5", "\u0663", "7\u0000", "7 8", "-1", "7.5"]) {
    const { seed: read, problems } = fieldReader(new URLSearchParams({ seed }));
    assert.equal(read("seed"), undefined);
    assert.ok(problems[0].endsWith(" is no whole number from 0 to 4,294,967,295."));
  }
  // Of a field that occurs twice the first counts, here as on the server.
  assert.equal(fieldReader(new URLSearchParams("seed=1&seed=2")).seed("seed"), 1);
});

test("a recorded run says where, how long and when, and which button makes it live", () => {
  const recorded = { cores: 2, seconds: 60.3, date: "2026-11-09", version: "0.1.0" };
  assert.equal(
    recordings.words(recorded, "Train"),
    "Recorded on two processor cores in 60 s: press Train to see yours.",
  );
  assert.match(recordings.words({ ...recorded, cores: 1 }, "Judge"), /^Recorded on one processor core in/);
  assert.match(recordings.words({ ...recorded, cores: 16 }, "Judge"), /^Recorded on 16 processor cores in/);
  assert.equal(recordings.whenOf(recorded), "9 November 2026, version 0.1.0");
  const run = { state: "recorded", recorded, points: { step: [0, 1200] } };
  assert.equal(paceOf(run, 1), "1,200 steps · 9 November 2026, version 0.1.0");
});

test("a run is told from any other, live or recorded, by its key", () => {
  const live = { id: "ab12" }, recorded = { frames: "recordings/train-faces/1f/frame/A", recording: "recordings/…" };
  assert.equal(recordings.framesOf(live), "runs/ab12/frame");
  assert.equal(recordings.framesOf(recorded), recorded.frames);
  const keys = [live, { id: "cd34" }, recorded, { recording: "recordings/…" }, {}].map(recordings.keyOf);
  assert.equal(new Set(keys).size, keys.length);
});
