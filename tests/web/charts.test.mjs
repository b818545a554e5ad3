// Charts, histories and sheets: what is drawn where, and fetched when.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  linearScale,
  logScale,
  scaleFor,
  spanOf,
  spread,
  stepTicks,
  timeTicks,
  valueAt,
} from "../../demo/web/core/chart_scales.js";
import { around, coarseFirst, evenly, placeOf } from "../../demo/web/core/history_places.js";
import { fit, span } from "../../demo/web/core/sample_sheets.js";
import { factsOf, isActive, paceOf, statusOf } from "../../demo/web/run/run_status.js";

const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-9, `${one} is not ${other}`);

test("a linear scale has round steps and holds its values", () => {
  const { ticks, at } = linearScale(0, 0.83, 3);
  assert.deepEqual(ticks.map((tick) => Number(tick.toFixed(3))), [0, 0.5, 1]);
  near(at(0.25), 0.25);
  for (const [low, high] of [[-3, 7], [0, 1e-9], [12, 13000], [-0.2, -0.1]]) {
    const scale = linearScale(low, high, 3);
    assert.ok(scale.at(low) >= -1e-9 && scale.at(high) <= 1 + 1e-9, `${low} to ${high}`);
    assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= 7);
  }
});

test("a logarithmic scale is taken where values span more than a factor of ten, and none is 0", () => {
  near(scaleFor([1, 100], undefined, true).at(10), logScale(1, 100).at(10));
  near(scaleFor([0, 100], undefined, true).at(50), 0.5);
  near(scaleFor([2, 19], undefined, true).at(10), 0.5);
  assert.deepEqual(scaleFor([5], [0, 1], true).ticks, [0, 0.5, 1]);
  const { ticks, at } = logScale(0.02, 2000);
  assert.deepEqual(ticks.map(Math.log10).map(Math.round), [-1, 0, 1, 2, 3]);
  near(at(2) - at(0.2), at(20) - at(2));
});

test("time axes", () => {
  assert.deepEqual(timeTicks(60), [0, 15, 30, 45, 60]);
  assert.deepEqual(stepTicks(10000), [0, 2000, 4000, 6000, 8000, 10000]);
  assert.deepEqual([spanOf(undefined, 300, true), spanOf(undefined, 20, true), spanOf(0, undefined, true)], [
    60,
    20,
    60,
  ]);
  assert.deepEqual([spanOf(31, 60, true), spanOf(31, 45, true), spanOf(31, 60, false)], [60, 45, 31]);
  assert.equal(spanOf(4000, undefined, true), 7200);
});

test("labels keep apart, inside the plot", () => {
  const labels = [{ y: 50 }, { y: 52 }, { y: 99 }, { y: 100 }];
  spread(labels, 0, 100);
  const places = labels.map(({ y }) => y);
  for (let i = 1; i < places.length; i++) assert.ok(places[i] - places[i - 1] >= 14);
  assert.ok(places[0] >= 0 && places.at(-1) <= 100);
});

test("the newest known value", () => {
  const column = [1, null, 3, null, undefined];
  assert.deepEqual(valueAt(column, 4), { value: 3, index: 2 });
  assert.deepEqual(valueAt(column, 1), { value: 1, index: 0 });
  assert.equal(valueAt([null, null], 1), null);
});

test("a step leads to its place, or the next one that is left of a thinned history", () => {
  const steps = [0, 10, 20, 40];
  assert.deepEqual([0, 10, 15, 40, 99].map((step) => placeOf(steps, step)), [0, 1, 2, 3, 3]);
});

test("all moments are fetched, few and far apart first", () => {
  for (const count of [0, 1, 2, 17, 18, 100, 240]) {
    const places = coarseFirst(count);
    assert.deepEqual([...places].sort((a, b) => a - b), Array.from({ length: count }, (_, i) => i));
    const first = places.slice(0, 9);
    assert.deepEqual([...first].sort((a, b) => a - b), first);
  }
  assert.deepEqual(coarseFirst(240).slice(0, 4), [0, 16, 32, 48]);
  assert.deepEqual(around(10, 8), [9, 7, 6, 5]);
  assert.deepEqual(around(10, 0), [1, 2, 3]);
});

test("a replay goes evenly from the first moment to the last", () => {
  assert.deepEqual(evenly(5, 90), [0, 1, 2, 3, 4]);
  const places = evenly(240, 90);
  assert.deepEqual([places.length, places[0], places.at(-1)], [90, 0, 239]);
  for (let i = 1; i < 90; i++) assert.ok([2, 3].includes(places[i] - places[i - 1]));
  assert.deepEqual(evenly(1, 90), [0]);
  assert.deepEqual(evenly(0, 90), []);
});

test("sheets fill their room with whole squares and never more than that", () => {
  for (const devicePixelRatio of [1, 1.5, 2, 3]) {
    globalThis.window = { devicePixelRatio };
    for (const size of [32, 64]) {
      for (let room = 340; room < 1200; room += 37) {
        const plan = fit(room, size);
        assert.equal(plan.cell % size, 0);
        assert.ok(plan.columns >= 5 && plan.columns <= 8);
        assert.ok(span(plan, plan.columns) <= Math.floor(room * devicePixelRatio), `${size} in ${room}`);
      }
    }
  }
  globalThis.window = { devicePixelRatio: 1 };
  assert.deepEqual(fit(263, 32), { columns: 8, cell: 32, gap: 1, ratio: 1 });
});

const points = { step: [0, 100], seconds: [0, 61.2], progress: [0, 0.5], images_per_second: [0, 6400] };

test("a run in words", () => {
  const run = { points, budget: { seconds: 200 } };
  assert.equal(
    statusOf({ ...run, state: "running" }, 1),
    "Training: 2 min 19 s left",
  );
  assert.equal(statusOf({ ...run, state: "running", budget: { steps: 1500 } }, 1), "Training: 1,400 steps left");
  const queued = { ...run, state: "queued" };
  assert.equal(statusOf({ ...queued, place: 3, wait: null }, -1), "Waiting: number 3 in line");
  assert.equal(statusOf({ ...queued, place: 1, wait: 125 }, -1), "Waiting: number 1 in line, about 2 min 5 s");
  assert.equal(statusOf({ ...queued, place: 0, wait: 0 }, -1), "Starting…");
  assert.equal(statusOf({ ...run, state: "paused" }, 1), "Paused at step 100");
  assert.equal(statusOf({ ...run, state: "finished" }, 1), "Ended early: 100 steps in 62 s");
  assert.equal(
    statusOf({ ...run, state: "finished", points: { ...points, progress: [0, 1] } }, 1),
    "Finished: 100 steps in 62 s",
  );
  assert.equal(paceOf({ ...run, state: "running" }, 1), "6,400 images/s · step 100");
  assert.equal(paceOf({ ...run, state: "paused" }, 1), "");
  assert.equal(factsOf({ state: "idle", points }), "");
  assert.deepEqual(["queued", "stopping", "stopped", "failed"].map(isActive), [true, true, false, false]);
});
