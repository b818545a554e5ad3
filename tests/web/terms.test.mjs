// Every term that the page marks is explained.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { TERMS } from "../../demo/web/core/terms.js";

const DEMO = fileURLToPath(new URL("../../demo", import.meta.url));
const sources = readdirSync(DEMO, { recursive: true }).map((name) => name.replaceAll("\\", "/"))
  .filter((name) => /\.(js|py)$/.test(name));

test("every term that is marked has words, and all words are used", () => {
  const used = new Set();
  for (const name of sources) {
    const code = readFileSync(`${DEMO}/${name}`, "utf8");
    for (const [, key] of code.matchAll(/\bterm\(\s*["']([a-z0-9_]+)["']/g)) {
      assert.ok(TERMS[key], `${name} marks ${key}, which terms.js does not explain`);
      used.add(key);
    }
  }
  // Of the catalogue's card: a table in Python.
  const card = readFileSync(`${DEMO}/tabs/train/method_card.py`, "utf8").match(/^TERMS = \{[^}]*\}/m)[0];
  for (const [, key] of card.matchAll(/^ {4}"([a-z0-9_]+)":/gm)) {
    assert.ok(TERMS[key], `the method's card marks ${key}, which terms.js does not explain`);
    used.add(key);
  }
  assert.deepEqual(Object.keys(TERMS).filter((key) => !used.has(key)), []);
});

test("explanations are short", () => {
  for (const [key, words] of Object.entries(TERMS)) {
    assert.ok(words.length <= 200, `${key} has ${words.length} characters`);
    assert.match(words, /\.\)?$|\.$/, key);
  }
});
