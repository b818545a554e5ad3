// Numbers, seeds and addresses as texts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_SEED } from "../../demo/web/core/constants.js";
import { toBytes, toText } from "../../demo/web/core/latent_text.js";
import { fileName, isSeed, number, readSeeds, tenths, whole } from "../../demo/web/core/numbers.js";
import { fromAddress, linkTo } from "../../demo/web/explore/link.js";
import { walkFromAddress, walkLink } from "../../demo/web/walk/link.js";

globalThis.location = new URL("https://host/sub/?model=old&theme=dark#part");

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

test("a link to Explore says its state, and only that", () => {
  const link = linkTo(state);
  assert.ok(link.startsWith("https://host/sub/?"));
  assert.deepEqual(fromAddress(new URL(link).search), {
    model: "faces",
    seed: 7,
    truncation: 0.75,
    set: "sefa",
    moves: { sefa: [0.5, 0, 2], named: [["long hair", -1.5]] },
    edits: { 3: -0.25, 60: 1 },
  });
});

test("a latent that is no seed's takes the seed's place in a link", () => {
  const z = Float32Array.of(1, -0.5, 0), link = new URL(linkTo({ ...state, zName: "a child", z }));
  assert.equal(link.searchParams.get("seed"), null);
  assert.equal(fromAddress(link.search).at, "ABAA-AAA");
});

test("what is malformed in a link is left out", () => {
  const search = "?seed=-1&truncation=7&set=none&moves=1,9&named=glasses:4,%3Cb%3E:1&z=2000:1,1:99,2:0.5,x:1";
  assert.deepEqual(fromAddress(search), { moves: {}, edits: { 2: 0.5 } });
});

test("a link to a walk", () => {
  const keys = [{ seed: 1, z: Float32Array.of(0, 0, 0) }, { z: Float32Array.of(1, -0.5, 0.25) }];
  const walk = { model: "digits", keys, frames: 12, mode: "lerp", closed: true };
  globalThis.location = new URL(walkLink(walk));
  const read = walkFromAddress(3);
  assert.deepEqual(read, { keys: [{ seed: 1 }, { z: keys[1].z }], frames: 12, mode: "lerp", closed: true });
  assert.throws(() => walkFromAddress(4), /do not fit the model/);
  for (
    const [search, words] of [["?keys=1", /2 to 24/], ["?keys=1,x", /do not fit/], ["?keys=1,4294967296", /do not fit/]]
  ) {
    globalThis.location = new URL(`https://host/${search}`);
    assert.throws(() => walkFromAddress(3), words);
  }
  globalThis.location = new URL("https://host/?keys=1,2&frames=9999&way=none");
  assert.deepEqual(walkFromAddress(3), {
    keys: [{ seed: 1 }, { seed: 2 }],
    frames: undefined,
    mode: "slerp",
    closed: false,
  });
});
