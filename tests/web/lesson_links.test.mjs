// A teacher's link: what is hidden, the task, the lesson; wrong and hostile fields are left out, and said.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HIDEABLE, lessonFields } from "../../demo/web/learn/lesson_fields.js";

const read = (query) => lessonFields(new URLSearchParams(query), ["what", "generator"]);

test("the fields of a lesson link", () => {
  assert.deepEqual(read("model=faces&seed=3&hide=tabs,seed,tabs&task=Find+the+<b>glasses</b>&lesson=generator"), {
    hide: ["tabs", "seed"],
    task: "Find the <b>glasses</b>", // shown as text
    lesson: "generator",
    problems: [],
  });
  assert.deepEqual(read("seed=3"), { hide: [], task: "", lesson: "", problems: [] });
});

test("what is wrong is left out, and said", () => {
  const { hide, task, lesson, problems } = read(`hide=seed,body,__proto__&lesson=constructor&task=${"x".repeat(201)}`);
  assert.deepEqual([hide, task, lesson], [["seed"], "", ""]);
  assert.equal(problems.length, 3);
  assert.match(problems[0], /^In this link, hide=body is none of tabs, model, /);
  assert.match(problems[1], /^In this link, lesson=constructor is none of what, generator\./);
  assert.match(problems[2], /^In this link, task=x{40}… is longer than 200 letters\.$/);
});

test("only constants become style rules", () => {
  for (const selector of Object.values(HIDEABLE)) assert.match(selector, /^[\w .,>:()#-]+$/);
});
