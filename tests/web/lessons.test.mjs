// The lessons: their numbers and formulas against known values, and their parts.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { noteOf } from "../../demo/web/learn/figures/code.js";
import { GENERATORS, measured } from "../../demo/web/learn/figures/judging.js";
import { lerp, slerp } from "../../demo/web/learn/figures/latent.js";
import { CHAPTERS } from "../../demo/web/learn/chapters.js";
import * as theory from "../../demo/web/learn/theory.js";

const WEB = new URL("../../demo/web/", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, WEB), "utf8"));
const near = (value, goal, most = 1e-6) => assert.ok(Math.abs(value - goal) < most, `${value}, not ${goal}`);

const DX = 0.01, xs = Array.from({ length: 1601 }, (_, i) => -8 + i * DX);
const density = (mean, width) => xs.map((x) => theory.normal(x, mean, width));

test("V(D*) is 2 JS - log 4 (Goodfellow et al. 2014, theorem 1)", () => {
  for (const [mean, width] of [[0, 1], [0.5, 1], [2, 0.5], [-4, 0.3]]) {
    const p = density(0, 1), q = density(mean, width);
    near(theory.valueOf(p, q, DX), 2 * theory.jensenShannon(p, q, DX) - Math.log(4), 1e-4);
  }
  near(theory.valueOf(density(0, 1), density(0, 1), DX), -Math.log(4), 1e-4);
  near(theory.valueOf(density(-5, 0.1), density(5, 0.1), DX), 0, 1e-4); // far apart, D is always right
  near(theory.jensenShannon(density(-5, 0.1), density(5, 0.1), DX), Math.log(2), 1e-4);
});

test("the best D maximises p log D + q log(1 - D)", () => {
  for (const [p, q] of [[0.2, 0.6], [1, 1], [0.7, 0.1]]) {
    const value = (d) => p * Math.log(d) + q * Math.log(1 - d), best = theory.bestD(p, q);
    for (const other of [best - 0.01, best + 0.01]) assert.ok(value(best) > value(other));
  }
});

test("G's losses and their slopes", () => {
  const { minimax, nonsaturating } = theory.G_LOSSES;
  near(minimax.loss(0), -Math.log(2));
  near(nonsaturating.loss(0), Math.log(2));
  for (const { loss, slope } of [minimax, nonsaturating]) {
    for (const x of [-4, -1, 0, 2, 30]) near(slope(x), (loss(x + 1e-5) - loss(x - 1e-5)) / 2e-5, 1e-5);
  }
  // Where D is sure of a fake, the one has no slope left and the other all of it.
  assert.ok(minimax.slope(-6) > -0.003 && nonsaturating.slope(-6) < -0.997);
});

test("distances of sets, by hand", () => {
  const square = [[0, 0], [2, 0], [0, 2], [2, 2]], moved = square.map(([x, y]) => [x + 3, y + 4]);
  near(theory.frechet(square, square), 0);
  near(theory.frechet(square, moved), 25);
  // Twice as wide: per axis the standard deviations are s and 2s, s² = 4/3.
  near(theory.frechet(square, square.map(([x, y]) => [2 * x - 1, 2 * y - 1])), 2 * 4 / 3);
  near(theory.copies(square, [[0, 0], [1, 1]]), 0.5);
  const line = (from, count) => Array.from({ length: count }, (_, i) => [from + i, 0]);
  assert.deepEqual(theory.precisionRecall(line(0, 10), line(0, 10)), { precision: 1, recall: 1 });
  assert.deepEqual(theory.precisionRecall(line(0, 10), line(100, 10)), { precision: 0, recall: 0 });
  // Of five fakes at 0 to 4 all lie in the balls of radius 3 around 0 to 9, which reach from -3 to 12 and hold them;
  // theirs reach to 4 + 3.
  assert.deepEqual(theory.precisionRecall(line(0, 10), line(0, 5)), { precision: 1, recall: 0.8 });
});

test("what the lesson on judging says of its generators is so", () => {
  const { honest, memory, one, blurred } = Object.fromEntries(
    Object.keys(GENERATORS).map((name) => [name, measured(name)]),
  );
  assert.deepEqual([honest.copies, memory.copies], [0, 1]);
  assert.ok(memory.frechet <= 2 * honest.frechet);
  assert.ok(one.precision > 0.9 && one.recall < 0.5);
  assert.ok(blurred.precision < honest.precision - 0.1 && blurred.frechet > 2 * honest.frechet);
});

test("the middle of a straight line is short, that of a circle is not", () => {
  const a = Float32Array.of(3, 0, 0), b = Float32Array.of(0, 3, 0);
  near(Math.hypot(...lerp(a, b, 0.5)), 3 * Math.SQRT1_2);
  near(Math.hypot(...slerp(a, b, 0.5)), 3);
  assert.deepEqual([...slerp(a, b, 0)].map(Math.round), [3, 0, 0]);
});

test("every lesson has its words, its figure and at most 250 words", () => {
  const lessons = read("texts/en/lessons.json");
  assert.deepEqual(Object.keys(lessons), CHAPTERS.map(({ id }) => id));
  for (const { id, load } of CHAPTERS) {
    const { title, text, show, question } = lessons[id];
    assert.ok(title && show.task && show.done, id);
    const count = text.join(" ").split(/\s+/).length;
    assert.ok(count <= 250, `${id} has ${count} words`);
    const path = String(load).match(/"(\.\/figures\/\w+\.js)"/)[1];
    assert.ok(existsSync(new URL(`learn/${path}`, WEB)), path);
    if (question) assert.ok(question.options.length > 1 && question.said && question.ask, id);
  }
});

test("every line of the program that does something has a note", () => {
  const program = readFileSync(new URL("../lessons/tutorial_gan.py", WEB), "utf8").split("\n");
  const lines = program.map((text) => ({ text, changed: false, instead: [] }));
  for (const language of ["en", "zh"]) {
    const notes = read(`texts/${language}/program.json`);
    for (const line of Object.keys(notes)) assert.ok(program.some((text) => text.trim() === line), line);
    lines.forEach(({ text }, i) => {
      const isCode = text.trim() && !text.trim().startsWith('"""') && !/^\s*[)\]]/.test(text);
      if (isCode) assert.ok(noteOf(lines, notes, i), `${i + 1}: ${text}`);
    });
  }
});
