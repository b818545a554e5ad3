// Which answers are shown: of requests, of a slider's pictures, and of what was undone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { undoHistory } from "../../demo/web/core/undo.js";
import { imageData } from "../../demo/web/core/api.js";
import { lazy } from "../../demo/web/core/dom.js";
import { latestRequest, stage, turns } from "../../demo/web/core/latest_request.js";
import { axis } from "../../demo/web/core/slider_cache.js";

const settled = () => new Promise((done) => setTimeout(done, 0));

/** Requests whose answers come when they are let go. */
function server(flights) {
  const open = new Map(), shown = [], failures = [];
  const work = (request) => new Promise((resolve, reject) => open.set(request, { resolve, reject }));
  const ask = latestRequest(work, (answer) => shown.push(answer), ({ message }) => failures.push(message), flights);
  const answer = (request) => (open.get(request).resolve(request), open.delete(request), settled());
  const refuse = (request) => (open.get(request).reject(new Error(request)), open.delete(request), settled());
  return { ask, answer, refuse, open, shown, failures };
}

test("at most so many requests are under way, and the last is sent when one has ended", async () => {
  const { ask, answer, open, shown } = server(2);
  for (const request of ["a", "b", "c", "d"]) ask(request);
  assert.deepEqual([...open.keys()], ["a", "b"]);
  await answer("a");
  assert.deepEqual([...open.keys()], ["b", "d"]); // c was overtaken while it waited
  await answer("d");
  await answer("b"); // too late
  assert.deepEqual(shown, ["a", "d"]);
});

test("only the newest request's failure is said", async () => {
  const { ask, answer, refuse, failures, shown } = server(3);
  ask("a");
  ask("b");
  await refuse("a");
  assert.deepEqual(failures, []);
  await refuse("b");
  assert.deepEqual(failures, ["b"]);
  ask("c");
  await answer("c");
  assert.deepEqual(shown, ["c"]);
});

test("a turn is the newest until the next begins, whichever ends first", () => {
  const begin = turns(), first = begin();
  assert.ok(first());
  const second = begin();
  assert.deepEqual([first(), second()], [false, true]);
  assert.ok(turns()()()); // others have turns of their own
});

test("what is forgotten is neither sent nor shown", async () => {
  const { ask, answer, open, shown } = server(1);
  ask("a");
  ask("b");
  ask.forget();
  await answer("a");
  assert.deepEqual([open.size, shown], [0, []]);
  ask("c");
  await answer("c");
  assert.deepEqual(shown, ["c"]);
});

test("a stage shows what is nearer to the goal, and nothing of an older turn", () => {
  const shown = [], screen = stage((picture) => shown.push(picture));
  const turn = screen.aim("line", 10);
  assert.ok(screen.offer("at 4", turn, 4));
  assert.ok(!screen.offer("at 3", turn, 3));
  assert.ok(!screen.exact());
  assert.equal(screen.aim("line", 6), turn); // the same line: the goal moves
  assert.ok(screen.offer("at 6", turn, 6));
  assert.ok(screen.exact());
  const next = screen.aim("other", 0);
  assert.ok(!screen.exact());
  assert.ok(screen.offer("far, but new", next, 90));
  assert.ok(!screen.offer("late", turn, 6));
  assert.deepEqual(shown, ["at 4", "at 6", "far, but new"]);
});

test("a draft is shown until the picture itself comes, and never after it", () => {
  const shown = [], screen = stage((picture) => shown.push(picture));
  const turn = screen.aim("line", 10);
  assert.ok(screen.offer("draft of 9", turn, 9, true));
  assert.ok(screen.offer("draft", turn, 10, true));
  assert.ok(!screen.exact());
  assert.ok(screen.offer("picture", turn, 10));
  assert.ok(screen.exact());
  assert.ok(!screen.offer("draft, late", turn, 10, true));
  screen.aim("line", 11);
  assert.ok(screen.offer("draft of 11", turn, 11, true));
  assert.deepEqual(shown, ["draft of 9", "draft", "picture", "draft of 11"]);
});

/** A slider from -3 to 3 in steps of 0.05. */
function slider() {
  const target = new EventTarget();
  return Object.assign(target, { min: "-3", max: "3", step: "0.05", valueAsNumber: 0 });
}

test("a slider's positions are exactly what it says, and its first pictures lie all along it", async () => {
  const asked = [], shown = [];
  const line = axis({
    slider: slider(),
    at: (value) => Float32Array.of(value, 1),
    owner: () => "model",
    draw: (rows) => (asked.push(rows.map(([value]) => value)), Promise.resolve(rows.map(([value]) => `at ${value}`))),
    arrived: () => shown.push(line.nearest(0)?.place),
  });
  assert.deepEqual([line.value(0), line.value(1), line.value(3), line.value(120)], [-3, -2.95, -2.85, 3]);
  for (let place = 0; place <= 120; place++) assert.equal(line.placeOf(line.value(place)), place);
  await line.load([0, 8, 16, 16]);
  await line.load([8, 24]);
  assert.deepEqual(asked.map((values) => values.length), [3, 1]); // none twice
  assert.equal(line.nearest(13).place, 16);
  assert.equal(line.nearest(11).place, 8);
  assert.equal(shown.length, 2);
});

test("between costly pictures others are mixed, and only the coarse ones are asked for", async () => {
  const asked = [], target = slider();
  const line = axis({
    slider: target,
    at: (value) => Float32Array.of(value, 1),
    owner: () => "model",
    draw: (rows) => (asked.push(rows.length), Promise.resolve(rows.map(([value]) => value))),
    arrived: () => {},
    mix: () => (one, other, share) => one + share * (other - one),
  });
  target.dispatchEvent(new Event("input")); // taken
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(asked, [31]); // -3, -2.8, …, 3
  assert.deepEqual(line.nearest(8), { place: 8, picture: Math.fround(-2.6) });
  const { place, picture } = line.nearest(9);
  assert.equal(place, 9);
  assert.ok(Math.abs(picture - -2.55) < 1e-6);
});

test("another line of latents forgets the pictures of the old one", async () => {
  let offset = 0;
  const line = axis({
    slider: slider(),
    at: (value) => Float32Array.of(value, offset),
    owner: () => "model",
    draw: (rows) => Promise.resolve(rows),
    arrived: () => {},
  });
  await line.load([5]);
  const first = line.line();
  assert.ok(line.nearest(5));
  assert.equal(line.line(), first);
  offset = 1;
  assert.notEqual(line.line(), first);
  assert.equal(line.nearest(5), null);
});

test("lines whose ends look alike are told apart by what identifies them", async () => {
  let held = [];
  const line = axis({
    slider: slider(),
    at: (value) => Float32Array.of(Math.max(value, 0)),
    identify: (value) => [value, ...held],
    owner: () => "model",
    draw: (rows) => Promise.resolve(rows),
    arrived: () => {},
  });
  await line.load([5]);
  held = [7];
  assert.equal(line.nearest(5), null);
  await line.load([5]);
  held = [];
  assert.equal(line.nearest(5), null);
});

test("a failed request may be made again", async () => {
  let fails = true;
  const line = axis({
    slider: slider(),
    at: (value) => Float32Array.of(value),
    owner: () => "model",
    draw: (rows) => (fails ? Promise.reject(new Error("lost")) : Promise.resolve(rows)),
    arrived: () => {},
  });
  await assert.rejects(line.load([5]), /lost/);
  fails = false;
  await line.load([5]);
  assert.equal(line.nearest(0).place, 5);
});

test("undo and redo lead back and forth; something new ends what could be done again", () => {
  const history = undoHistory();
  let now = 0;
  const go = (next) => (history.push(now), now = next);
  const step = (way) => (now = history[way](now) ?? now);
  [1, 2, 3].forEach(go);
  assert.deepEqual([step("undo"), step("undo")], [2, 1]);
  assert.deepEqual(history.pastNewestFirst(), [0]);
  assert.equal(step("redo"), 2);
  go(9);
  assert.ok(!history.canRedo());
  assert.equal(step("redo"), 9);
  assert.deepEqual([step("undo"), step("undo"), step("undo"), step("undo")], [2, 1, 0, 0]);
  assert.ok(!history.canUndo());
  assert.deepEqual(history.newestFirst(), [1, 2, 9]);
});

test("at most 200 steps are kept", () => {
  const history = undoHistory();
  for (let i = 0; i < 300; i++) history.push(i);
  assert.equal(history.pastNewestFirst().length, 200);
  assert.equal(history.undo(300), 299);
});

test("a module that does not load is an error with a message for the user", async (t) => {
  t.mock.method(console, "error", () => {});
  assert.equal(await lazy(() => Promise.resolve(3)), 3);
  await assert.rejects(lazy(() => Promise.reject(new TypeError("failed to fetch"))), /did not load.*reload the page/);
});

test("raw pixels become RGBA: grey ones in all colours, always opaque", () => {
  globalThis.ImageData ??= class {
    constructor(width, height) {
      Object.assign(this, { width, height, data: new Uint8ClampedArray(4 * width * height) });
    }
  };
  assert.deepEqual([...imageData(Uint8Array.of(1, 2), 2, 1).data], [1, 1, 1, 255, 2, 2, 2, 255]);
  assert.deepEqual([...imageData(Uint8Array.of(1, 2, 3), 1, 1).data], [1, 2, 3, 255]);
});
