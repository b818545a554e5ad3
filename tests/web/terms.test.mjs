// Every term that the page marks is explained.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const DEMO = fileURLToPath(new URL("../../demo", import.meta.url));
const sources = readdirSync(DEMO, { recursive: true }).map((name) => name.replaceAll("\\", "/"))
  .filter((name) => /\.(js|py)$/.test(name));

const glossaryOf = (language) => JSON.parse(readFileSync(`${DEMO}/web/texts/${language}/glossary.json`, "utf8"));
const TERMS = glossaryOf("en");

test("every term that is marked is in the glossary", () => {
  for (const name of sources) {
    const code = readFileSync(`${DEMO}/${name}`, "utf8");
    for (const [, key] of code.matchAll(/\bterm\(\s*["']([a-z0-9_]+)["']/g)) {
      assert.ok(TERMS[key], `${name} marks ${key}, which the glossary does not explain`);
    }
  }
  // Of the catalogue's card: a table in Python.
  const card = readFileSync(`${DEMO}/tabs/train/method_card.py`, "utf8").match(/^TERMS = \{[^}]*\}/m)[0];
  for (const [, key] of card.matchAll(/^ {4}"([a-z0-9_]+)":/gm)) {
    assert.ok(TERMS[key], `the method's card marks ${key}, which the glossary does not explain`);
  }
  for (const language of ["en", "zh"]) {
    const lessons = readFileSync(`${DEMO}/web/texts/${language}/lessons.json`, "utf8");
    for (const [, key] of lessons.matchAll(/\[\[(\w+)\|/g)) assert.ok(TERMS[key], `a lesson marks ${key}`);
  }
});

test("explanations are short", () => {
  for (const [key, { text }] of [...Object.entries(TERMS), ...Object.entries(glossaryOf("zh"))]) {
    assert.ok(text.length <= 200, `${key} has ${text.length} characters`);
    assert.match(text, /[.。](\)|）)?$/, key);
  }
});
