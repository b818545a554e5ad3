// Points: links, drawings, a session's history, and what is said of it. Uploads: how files travel.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as api from "../../demo/web/points/api.js";
import { pointsOf } from "../../demo/web/points/data_input.js";
import { noisePlaces } from "../../demo/web/points/plane_canvas.js";
import { pointSession } from "../../demo/web/points/session.js";
import { changesOf, paceOf, statusOf } from "../../demo/web/points/status_words.js";
import { packsOf } from "../../demo/web/uploads/upload.js";

test("a session survives its link", () => {
  const settings = { method: "wgan-gp", data: "ring", seed: 7, words: "ü ½" };
  const text = api.encode({ settings, step: 1200, pair: { ...settings, seed: 8 } });
  assert.match(text, /^[\w-]+$/);
  assert.deepEqual(api.decode(text), { settings, step: 1200, points: null, pair: { ...settings, seed: 8 } });
});

test("drawn points survive a link as they were quantised", () => {
  const points = api.quantised([-1, 1, 0.123, -0.77, 0, 0.5]);
  const { points: read } = api.decode(api.encode({ settings: {}, step: 0, points }));
  assert.deepEqual(read, points);
  const many = Array.from({ length: 4000 }, (_, i) => Math.sin(i));
  const thinned = api.thinned(many);
  assert.equal(thinned.length, 2 * api.MAX_LINKED);
  assert.deepEqual(thinned.slice(0, 4), [many[0], many[1], many[8], many[9]]);
  assert.equal(api.thinned(points), points);
});

test("a damaged link is none", () => {
  for (const text of ["", "x", "AAAA", btoa("[1]"), btoa("null"), btoa('{"s":[]}'), btoa("{")]) {
    assert.equal(api.decode(text), null, text);
  }
});

test("points lie evenly along a stroke, near it, and are the same each time", () => {
  const stroke = [[-0.8, 0], [0.2, 0], [0.8, 0]], points = pointsOf([stroke]);
  assert.deepEqual(pointsOf([stroke]), points);
  const xs = points.filter((_, i) => i % 2 === 0), ys = points.filter((_, i) => i % 2);
  assert.ok(Math.abs(xs.length - 1.6 / 0.025) <= 1);
  assert.ok(ys.every((y) => Math.abs(y) < 0.1));
  assert.ok(Math.abs(xs.reduce((sum, x) => sum + x, 0) / xs.length) < 0.02);
  assert.equal(pointsOf([[[0.5, 0.5]]]).length, 28); // a tap: 14 points
  assert.ok(pointsOf([[[1, 1], [1, -1]]]).every((value) => Math.abs(value) <= 1));
});

const about = {
  settings: { data: "ring", seed: null, steps: 1000, seconds: 5, changes: { g_lr: 0.001, d_lr: null } },
  chosen: {},
  critic: false,
  corner: [0, 0],
  side: 1,
  count: 1,
  modes: 8,
  floor: {},
  real: [],
  z: [],
};
const frame = (step, more = {}) => ({ step, half: null, finding: [], ...more });

test("a recorded session is its settings and its frames", () => {
  const news = [], session = pointSession({ changed: (what) => news.push(what), failed: assert.fail });
  session.record({ ...about, frames: [frame(0), frame(10)] });
  // "As suggested" says nothing, and is left out.
  assert.deepEqual(session.settings, { data: "ring", steps: 1000, g_lr: 0.001 });
  assert.deepEqual(session.frames.map(({ place }) => place), [0, 10]);
  assert.deepEqual(news, ["about", "frames"]);
  assert.ok(session.recorded && !session.running);
});

test("a half-step stands behind its step, and a second look brings no new losses", () => {
  const session = pointSession({ changed: () => {}, failed: assert.fail });
  session.record({
    ...about,
    frames: [
      frame(1, { d_loss: 0.5 }),
      frame(1, { half: "d", d_loss: 0.4 }),
      frame(2, { d_loss: 0.3 }),
      frame(2, { d_loss: null }),
    ],
  });
  assert.deepEqual(session.frames.map(({ place }) => place), [1, 1.01, 2]);
  assert.equal(session.frames.at(-1).d_loss, 0.3);
});

test("a long history is thinned, its ends kept", () => {
  const session = pointSession({ changed: () => {}, failed: assert.fail });
  session.record({ ...about, frames: Array.from({ length: 481 }, (_, i) => frame(i)) });
  const places = session.frames.map(({ place }) => place);
  assert.equal(places.length, 241);
  assert.deepEqual([places[0], places[1], places.at(-1)], [0, 2, 480]);
});

test("a session in words", () => {
  const facts = {
    slow: false,
    running: false,
    recorded: false,
    over: false,
    busy: false,
    steps: 1000,
    last: { step: 500 },
  };
  assert.equal(statusOf(facts), "Paused at step 500");
  assert.equal(statusOf({ ...facts, last: { step: 500, half: "d" } }), "Paused at step 500, then D alone");
  assert.equal(statusOf({ ...facts, last: { step: 1000 } }), "Finished: step 1,000");
  assert.equal(statusOf({ ...facts, running: true, last: { step: 1000 } }), "Playing: step 1,000");
  assert.equal(statusOf({ ...facts, busy: true }), "Setting up…");
  assert.equal(statusOf({ ...facts, last: undefined }), "");
  assert.match(statusOf({ ...facts, over: true }), /infinite/);
  assert.deepEqual([0, 0.7, 1.2, 1234].map(paceOf), ["", "1 step/s", "1 step/s", "1,234 steps/s"]);
  assert.deepEqual(changesOf([{ at: 1200.01, words: ["batch 64", "G's rate 0.1"] }]), [
    "From step 1,200: batch 64; G's rate 0.1.",
  ]);
});

test("noise is shown by its first two numbers, or along a line by its only one", () => {
  assert.deepEqual(noisePlaces({ z: [0, 0, 9, 3, -3, 9], chosen: { z_dim: 3 } }, 60), [[30, 30], [60, 60]]);
  const [[left], [right]] = noisePlaces({ z: [-3, 3], chosen: { z_dim: 1 } }, 60);
  assert.deepEqual([left, right], [0, 60]);
});

test("files travel behind their names and lengths, in packs", async () => {
  const named = ["a.png", "é/ü.png", "n".repeat(2000)];
  const files = named.map((name, i) => ({ name, file: new Blob(["x".repeat(i)]) }));
  const [pack, ...more] = packsOf(files);
  assert.deepEqual(more, []);
  const bytes = new Uint8Array(await pack.arrayBuffer()), view = new DataView(bytes.buffer), read = [];
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint16(at, true), size = Number(view.getBigUint64(at + 2, true));
    read.push([new TextDecoder().decode(bytes.slice(at + 10, at + 10 + length)), size]);
    at += 10 + length + size;
  }
  assert.deepEqual(read, [["a.png", 0], ["é/ü.png", 1], ["n".repeat(1000), 2]]);
  const tiny = { name: "t", file: new Blob([]) }, large = { name: "l", file: new Blob([new Uint8Array(5_000_000)]) };
  assert.deepEqual(packsOf(Array(1001).fill(tiny)).length, 3);
  assert.deepEqual(packsOf([large, large, tiny]).length, 2);
  assert.deepEqual(packsOf([]), []);
});
