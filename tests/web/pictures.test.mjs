// Find: pixels, drawings and what is said of them. Breed: who is whose child.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineage, readIndividual } from "../../demo/web/breed/lineage.js";
import { centreOf, DIGIT, fitted, moved } from "../../demo/web/sketch/drawing.js";
import { edgeLight, flatMse, mseText, percent, wordsFor } from "../../demo/web/find/pixel_metrics.js";
import { DRAWN_DIGITS } from "../../demo/web/find/sample_digits.js";

const near = (one, other, gap = 1e-9) => assert.ok(Math.abs(one - other) < gap, `${one} is not ${other}`);

/** An image (width, width) whose pixel i is grey(i). */
const image = (width, grey) => {
  const data = new Uint8ClampedArray(4 * width * width);
  for (let i = 0; i < width * width; i++) data.set([grey(i), grey(i), grey(i), 255], 4 * i);
  return { width, data };
};

test("a flat square of its mean colour is as far as the picture varies", () => {
  near(flatMse(image(4, () => 90)), 0);
  near(flatMse(image(2, (i) => (i < 2 ? 0 : 255))), 0.25);
  near(flatMse(image(2, (i) => (i ? 0 : 255))), 0.1875); // (1 + 3) quarters: 1/4 × 9/16 + 3/4 × 1/16
});

test("light along the edge, whatever is inside", () => {
  const inside = (i) => [5, 6, 9, 10].includes(i);
  near(edgeLight(image(4, (i) => (inside(i) ? 0 : 255))), 1);
  near(edgeLight(image(4, (i) => (inside(i) ? 255 : 51))), 0.2);
});

test("errors in words and digits", () => {
  assert.deepEqual([0.0123, 0.001, 0.00056, 0.00001234].map(mseText), ["0.012", "0.001", "0.00056", "1.2e-5"]);
  assert.equal(wordsFor(0), "the same picture, to the eye");
  assert.equal(wordsFor(0.005), "nearly the same");
  assert.equal(wordsFor(0.0051), "alike");
  assert.match(wordsFor(1), /not near/);
  assert.equal(percent(0.126), "13 %");
});

const bounds = (strokes) => {
  const all = strokes.flatMap(({ points }) => points);
  return [0, 1].map((axis) => [Math.min(...all.map((spot) => spot[axis])), Math.max(...all.map((spot) => spot[axis]))]);
};

test("a drawing fills MNIST's box, in its own proportions, about the middle", () => {
  for (const [x, y] of [[0.1, 0.7], [0.05, 0.3]]) {
    const line = [{ points: [[x, y], [x + 0.2, y + 0.1]] }];
    const [[left, right], [top, bottom]] = bounds(fitted(line));
    near(right - left, DIGIT.box - DIGIT.width);
    near((right - left) / (bottom - top), 2);
    near((left + right) / 2, 0.5);
    near((top + bottom) / 2, 0.5);
  }
});

test("a dot is not blown up", () => {
  const [[left, right]] = bounds(fitted([{ points: [[0.5, 0.5], [0.51, 0.5]] }]));
  assert.ok(right - left < 0.06);
});

test("the centre of mass is where what is light stands", () => {
  const [x, y] = centreOf(image(8, (i) => (i === 8 * 2 + 5 ? 255 : 0)));
  near(x, 5.5 / 8);
  near(y, 2.5 / 8);
  const [[left], [top]] = bounds(moved([{ points: [[0.25, 0.5]] }], [0.5 - x, 0.5 - y]));
  near(left, 0.25 - 0.1875);
  near(top, 0.5 + 0.1875);
});

test("the ten drawn digits lie on the sheet", () => {
  assert.equal(DRAWN_DIGITS.length, 10);
  for (const lines of DRAWN_DIGITS) {
    const [[left, right], [top, bottom]] = bounds(lines.map((points) => ({ points })));
    assert.ok(left > 0 && right < 1 && top > 0 && bottom < 1);
  }
});

test("the same facts are the same individual, and what is known is not forgotten", () => {
  const family = lineage(), first = family.individual({ kind: "seed", seed: 5 });
  first.z = Float32Array.of(1);
  const again = family.individual({ kind: "seed", seed: 5, z: undefined });
  assert.equal(again, first);
  assert.deepEqual([...again.z], [1]);
  assert.equal(family.individuals.length, 1);
});

test("generations and names", () => {
  const family = lineage(),
    a = family.individual({ kind: "seed", seed: 1 }),
    b = family.individual({ kind: "seed", seed: 2 });
  const child = family.individual({ kind: "child", parents: [a.id, b.id], percent: 10, offspringSeed: 0, index: 3 });
  const grandchild = family.individual({ kind: "child", parents: [child.id], percent: 10, offspringSeed: 0, index: 0 });
  assert.deepEqual([a, child, grandchild].map(({ generation }) => generation), [0, 1, 2]);
  assert.equal(child.label, "child 4 of seed 1 and seed 2");
  assert.equal(grandchild.label, "child 1 of child 4");
  assert.deepEqual(family.ancestors([grandchild.id]), [0, 1, 2, 3]);
  assert.deepEqual(family.ancestors([b.id]), [1]);
});

test("a recipe lists ancestors alone, and one that is too long begins at its parents", () => {
  const family = lineage();
  family.individual({ kind: "seed", seed: 77 }); // nobody's ancestor
  let last = family.individual({ kind: "seed", seed: 42 });
  for (let i = 0; i < 3; i++) {
    last = family.individual({ kind: "child", parents: [last.id], percent: 40, offspringSeed: i, index: i });
  }
  const { text, ids } = family.recipe({ parents: [last.id], percent: 5, offspringSeed: 9 });
  assert.equal(text, "42.c0d40s0i0.c1d40s1i1.c2d40s2i2.c3d5s9");
  assert.deepEqual(ids, [1, 2, 3, 4]);
  for (let i = 3; i < 200; i++) {
    last = family.individual({ kind: "child", parents: [last.id], percent: 40, offspringSeed: i, index: 0 });
  }
  last.z = Float32Array.of(0.5, -0.5);
  assert.equal(family.recipe({ parents: [last.id], percent: 5, offspringSeed: 9 }).text, "zAAgA-A.c0d5s9");
});

test("one picture of a recipe", () => {
  const named = (places) => places.split("x").map(Number);
  assert.deepEqual(readIndividual("42", named, 3), { kind: "seed", seed: 42 });
  assert.deepEqual(readIndividual("zAAAAAAAA", named, 3), { kind: "latent", text: "AAAAAAAA" });
  assert.deepEqual(readIndividual("a0x1m2p3", named, 3), { kind: "sum", groups: [[0, 1], [2], [3]] });
  const child = { kind: "child", parents: [0], percent: 35, offspringSeed: 1, index: 7 };
  assert.deepEqual(readIndividual("c0d35s1i7", named, 3), child);
  assert.equal(readIndividual("c0d35s1", named, 3), null); // offspring are no picture
});
