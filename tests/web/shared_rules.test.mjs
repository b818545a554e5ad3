// Rules that Python and the page both have, on one table (tests/demo/test_shared_rules.py has Python's).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { test } from "node:test";
import { lineage } from "../../demo/web/breed/lineage.js";
import { classIn, classOf, classText, keepClass, withClass } from "../../demo/web/core/classes.js";
import { exactText, packZ, roundZ, unpackZ } from "../../demo/web/core/latent_text.js";
import { factorOf, readEdits, textOf } from "../../demo/web/inside/edits.js";
import { pullText, readPull } from "../../demo/web/inside/pulls.js";
import { fitsModel, readStage, stageTexts, withStage } from "../../demo/web/inside/stage_latents.js";
import { DIGIT } from "../../demo/web/sketch/drawing.js";
import { unpack } from "../../demo/web/points/api.js";

const read = (path) => readFileSync(new URL(path, import.meta.url));
const RULES = JSON.parse(read("shared_rules.json").toString());
const { recipes } = RULES;

test("packed latents", () => {
  for (const { z, text } of RULES.packed_latents) {
    assert.equal(packZ(Float32Array.from(z)), text);
    assert.deepEqual([...unpackZ(text, z.length)], z);
  }
});

test("rounding: halves go up, far numbers to the edge", () => {
  for (const [value, steps] of RULES.rounded_steps) assert.equal(roundZ([value / 4096])[0] * 4096 + 0, steps);
});

test("what is no packed latent", () => {
  for (const text of RULES.not_packed) assert.equal(unpackZ(text, 3), null, String(text));
});

test("exact latents", () => {
  for (const { z, text } of RULES.exact_latents) assert.equal(exactText(Float32Array.from(z)), text);
});

test("changes of units are read as in Python, and written again as something that is read so", () => {
  const { layers, read, refused } = RULES.unit_edits, shapes = layers.map((units) => ({ units }));
  for (const { text, factors, strokes } of read) {
    for (const edits of [readEdits(text, shapes), readEdits(textOf(readEdits(text, shapes)), shapes)]) {
      const found = layers.map((count, layer) =>
        Array.from({ length: count }, (_, unit) => factorOf(edits, layer, unit))
      );
      assert.deepEqual(found, factors, text);
      const painted = edits.strokes.map(({ way, part, mask }) => {
        assert.equal(part, RULES.unit_edits.part);
        return { more: way === "more", places: [...mask.keys()].filter((place) => mask[place]) };
      });
      assert.deepEqual(painted, strokes, text);
    }
  }
  for (const text of refused) assert.equal(readEdits(text, shapes), null, text);
});

test("latents of stages are read as in Python, and written again as something that is read so", () => {
  const { read, refused, count } = RULES.stages;
  const sets = Object.entries(RULES.stages.sets).map(([key, names]) => ({
    key,
    directions: names.map((name) => ({ name })),
  }));
  const stages = (text) => readEdits(text, [])?.stages;
  for (const { text, changes } of read) {
    const found = stages(text);
    assert.deepEqual(found, changes, text);
    assert.ok(fitsModel(found, count, sets), text);
    assert.deepEqual(stages(stageTexts(found).join(",")), changes, text);
  }
  for (const text of refused) assert.ok(!stages(text) || !fitsModel(stages(text), count, sets), text);
});

test("a stage goes towards one seed alone, and nothing of a direction is no change", () => {
  const once = withStage({}, 1, "seed", "5", 0.5);
  assert.deepEqual(withStage(once, 1, "seed", "7", 1), { "1.seed.7": 1 });
  assert.deepEqual(withStage({ ...once, "1.sefa.1": 2 }, 1, "sefa", "1", 0), once);
  assert.deepEqual(withStage(once, 1, "seed", "5", 0), {});
  assert.deepEqual(withStage({ "11.seed.1": 1 }, 1, "seed", "2", 1), { "11.seed.1": 1, "1.seed.2": 1 });
  assert.equal(readStage("z1.seed.1"), null);
});

test("pulls are read, and written again as they were", () => {
  for (const { text, ...pull } of RULES.pulls.read) {
    assert.deepEqual(readPull(text), pull, text);
    assert.equal(pullText(pull), text);
  }
  for (const text of RULES.pulls.refused) assert.equal(readPull(text), null, text);
});

test("recipes that make offspringSeed are read, and written again as they were", () => {
  for (const text of recipes.litters) {
    const family = lineage(), offspring = family.read(text, recipes);
    assert.ok(offspring, text);
    assert.equal(family.recipe(offspring).text, text);
  }
});

test("recipes that are refused", () => {
  for (const text of recipes.refused) assert.equal(lineage().read(text, recipes), null, text);
});

test("recipes as they are written", () => {
  for (const { roots, percent, litter: offspringSeed, class: classIndex, text } of recipes.written) {
    const family = lineage(), parents = roots.map((seed) => family.individual({ kind: "seed", seed }).id);
    assert.equal(family.recipe({ parents, percent, offspringSeed, classIndex }).text, text);
  }
});

test("recipes of sums as they are written", () => {
  for (const { plus, minus, onto, percent, litter: offspringSeed, text } of recipes.sums) {
    const family = lineage();
    const groups = [plus, minus, onto].map((seeds) =>
      seeds.map((seed) => family.individual({ kind: "seed", seed }).id)
    );
    const sum = family.individual({ kind: "sum", groups });
    assert.equal(family.recipe({ parents: [sum.id], percent, offspringSeed }).text, text);
  }
});

test("z of a class, and kept in one", () => {
  for (const [change, rows] of [[withClass, RULES.classes.changed], [keepClass, RULES.classes.kept]]) {
    for (const { z, classes, class: index, with: wanted } of rows) {
      const changed = change(Float32Array.from(z), classes, index);
      assert.deepEqual(changed, Float32Array.from(wanted), JSON.stringify(z));
      assert.equal(classOf(changed, classes), index);
    }
  }
});

test("classes by name and number", () => {
  for (const { classes, names, text, index, written } of RULES.classes.named) {
    const model = { classes, class_names: names };
    assert.equal(classIn(model, text) ?? null, index, text);
    if (index !== null) assert.equal(classText(model, index), written);
  }
});

test("a digit fills the same box", () => assert.equal(DIGIT.box, RULES.mnist_digit.box));

test("the recorded session", () => {
  const wanted = RULES.recorded_session;
  const bytes = new Uint8Array(gunzipSync(read("../../demo/web/points/demo_ring.bin.gz")));
  const session = unpack(bytes.buffer), steps = session.frames.map(({ step }) => step);
  assert.deepEqual([steps.length, steps[0], steps.at(-1)], [wanted.frames, wanted.first_step, wanted.last_step]);
  assert.equal(session.modes, wanted.modes);
  // Every frame has its own arrays, of the same lengths; the fakes have come to the data's square.
  for (const { fakes, surface } of session.frames) assert.equal(fakes.length, session.frames[0].fakes.length, surface);
  const { corner, side, frames } = session, [left] = corner;
  const inside = [...frames.at(-1).fakes].filter((value, i) => i % 2 || (value >= left && value <= left + side));
  assert.ok(inside.length > 0.95 * frames.at(-1).fakes.length);
});
