// Which pictures of a map are shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mapIn, mixIn } from "../../demo/web/inside/link.js";
import { classPlaces, tilesOf } from "../../demo/web/inside/map_tiles.js";

const spread = (count, seed) => Array.from({ length: count }, (_, i) => (i * seed * 7919 + seed) % 10001);
const map = (count, fakes = count, more = {}) => ({
  x: spread(count, 3),
  y: spread(count, 11),
  fakes,
  classes: [],
  names: [],
  side: 32,
  columns: 10,
  ...more,
});

test("what is shown stays while more comes between, down to every picture", () => {
  const made = tilesOf(map(300));
  let before = [];
  for (const squares of [1, 2, 4, 8, 16, 32, 64, 128]) {
    const shown = [...made.at(squares).values()].map(({ fake }) => fake);
    assert.ok(before.every((index) => shown.includes(index)), `lost at ${squares}`);
    assert.ok(shown.length >= before.length && shown.length <= squares * squares);
    before = shown;
  }
  assert.deepEqual([...tilesOf(map(300)).at(1).values()], [{ column: 0, row: 0, fake: 0, real: -1 }]);
});

test("a square knows its first fake and its first real picture", () => {
  const made = tilesOf(map(40, 25));
  assert.deepEqual(made.at(1).get("0,0"), { column: 0, row: 0, fake: 0, real: 25 });
  const corner = tilesOf({ ...map(2, 1), x: [10000, 0], y: [10000, 9999] });
  assert.deepEqual(corner.squareOf(0, 4), { column: 3, row: 3 });
  assert.deepEqual(corner.at(4).get("3,3"), { column: 3, row: 3, fake: 0, real: -1 });
  assert.deepEqual(corner.at(4).get("0,3"), { column: 0, row: 3, fake: -1, real: 1 });
});

test("a class's name stands in the middle of its pictures, if they lie together", () => {
  const places = { x: [0, 1000, 2000, 9000, 0, 5000, 9999], y: [0, 0, 500, 10000, 0, 5000, 9999] };
  const made = { ...map(7), ...places, classes: [0, 0, 0, 2, 3, 3, 3], names: ["a", "never drawn", "c", "all over"] };
  assert.deepEqual(classPlaces(made), [{ name: "a", x: 0.1, y: 0 }, { name: "c", x: 0.9, y: 1 }]);
  assert.deepEqual(classPlaces(map(4)), []);
});

test("what the folded parts show is read from a link, or nothing of it", () => {
  assert.deepEqual(mixIn("5,7~11~0.5~1"), { columns: [5, 7], rows: [11], share: 0.5, level: 1 });
  for (const text of ["", "5~7", "5~7~2~0", "5~7~0.5~-1", "5~x~0.5~0", "5~~0.5~0", "5~7~0.5~0~1", "1.5~7~0.5~0"]) {
    assert.equal(mixIn(text), undefined, text);
  }
  assert.equal(mixIn(`${"1,".repeat(8)}1~7~0.5~0`), undefined);
  assert.deepEqual(mapIn("0.25,0.75,4"), { x: 0.25, y: 0.75, times: 4, step: 0 });
  assert.deepEqual(mapIn("0,1,1.5~256"), { x: 0, y: 1, times: 1.5, step: 256 });
  for (
    const text of ["", "0.5,0.5", "0.5,0.5,0.9", "0.5,0.5,65", "-1,0,1", "0,0,1,1", "0,0,1~x", "0,0,1~2~3", "NaN,0,1"]
  ) {
    assert.equal(mapIn(text), undefined, text);
  }
});
