// What is kept for the next visit, and why a page that stays empty does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mayMakeCode, problem } from "../../demo/web/core/policy.js";
import { store, stored } from "../../demo/web/core/storage.js";
import { add, all, forget } from "../../demo/web/run/seen_runs.js";

/** A localStorage that holds `room` characters. */
function storageOf(room) {
  const kept = new Map();
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem(key, text) {
      if (text.length > room) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, text);
    },
  };
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
  return kept;
}

test("what fits is kept, and what does not lasts as long as the page", () => {
  const kept = storageOf(10);
  store("a", "[1]");
  assert.deepEqual([stored("a"), kept.get("a")], [[1], "[1]"]);
  store("a", "[1, 2, 3, 4, 5]");
  assert.deepEqual(stored("a"), [1, 2, 3, 4, 5]);
  assert.equal(kept.get("a"), "[1]");
  store("a", "[2]");
  assert.deepEqual([stored("a"), kept.get("a")], [[2], "[2]"]);
  assert.equal(stored("nothing"), null);
});

test("what cannot be read is nothing", () => {
  storageOf(100).set("a", "{");
  assert.equal(stored("a"), null);
  Object.defineProperty(globalThis, "localStorage", {
    get() {
      throw new DOMException("not allowed", "SecurityError");
    },
    configurable: true,
  });
  assert.equal(stored("b"), null);
  store("b", "7");
  assert.equal(stored("b"), 7);
});

test("the list of runs is there where the storage is full", () => {
  storageOf(0);
  add("ab12");
  add("cd34");
  add("ab12");
  assert.deepEqual(all(), ["cd34", "ab12"]);
  forget(["ab12"]);
  assert.deepEqual(all(), ["cd34"]);
});

test("a page that cannot start says why", () => {
  assert.equal(mayMakeCode(), true);
  const forbidden = function () {
    throw new EvalError("refused by the policy");
  };
  assert.equal(mayMakeCode(forbidden), false);
  assert.equal(problem({}, true), "");
  for (const said of [problem({}, false), problem(undefined, true)]) assert.match(said, /unsafe-eval/);
});
