// The page's address: tabs make entries of the history, states replace them, and Back leads to both.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TABS } from "../../demo/web/core/constants.js";

const settled = (ms = 0) => new Promise((done) => setTimeout(done, ms));
const RESTED = 450;
let modules = 0;

/** A browser with a history, and a page in it: its own copy of the module. */
async function page(path) {
  const entries = [new URL(path, "https://host")];
  let at = 0, back = () => {};
  const calls = [], chosen = [], sent = [];
  const location = {
    get href() {
      return entries[at].href;
    },
    get search() {
      return entries[at].search;
    },
    get pathname() {
      return entries[at].pathname;
    },
    get hash() {
      return entries[at].hash;
    },
    get hostname() {
      return entries[at].hostname;
    },
    reload: () => calls.push("reload"),
  };
  const history = {
    state: null,
    pushState(_state, _title, address) {
      calls.push(`push ${address}`);
      entries.splice(++at, Infinity, new URL(address, entries[at - 1]));
    },
    replaceState(_state, _title, address) {
      calls.push(`replace ${address}`);
      entries[at] = new URL(address, entries[at]);
    },
  };
  Object.assign(globalThis, {
    location,
    history,
    parent: { postMessage: (message, origin) => sent.push([message.queryString, origin]) },
    addEventListener: (_name, callback) => back = callback,
  });
  const address = await import(`../../demo/web/core/address.js?${modules++}`);
  const go = (by) => (at += by, back());
  return { address, calls, chosen, sent, go, follow: () => address.followTabs((tab) => chosen.push(tab)) };
}

test("the tab of an address, as old and new links have it", async () => {
  const { address } = await page("/");
  const tab = (query) => address.tabOf(new URLSearchParams(query));
  for (
    const [query, name] of Object.entries({
      "": "explore",
      "model=digits&seed=5": "explore",
      "walk=digits&keys=1,2": "walk",
      "model=digits&breed=42.c0d40s0": "breed",
      "run=ab12": "train",
      "train={}": "train",
      "compare=a,b": "compare",
      "points=abc": "points",
      "tab=find&model=faces": "find",
      "tab=none&run=a": "train",
      "run=": "explore",
    })
  ) assert.equal(tab(query), name, query);
  for (const name of TABS) assert.equal(tab(`tab=${name}`), name);
});

test("a tab makes an entry, a state replaces it when it rests, and other fields stay", async () => {
  const { address, calls, follow } = await page("/sub/?utm_source=mail#part");
  let seed = 42;
  const explore = address.keepState("explore", () => ({ model: "faces", seed }));
  follow();
  explore.opened();
  explore.changed();
  await settled(RESTED);
  assert.deepEqual(calls, []); // what it shows by itself needs no address
  for (seed of [1, 2, 3]) explore.changed();
  await settled(RESTED);
  assert.deepEqual(calls.splice(0), ["replace /sub/?model=faces&seed=3&utm_source=mail#part"]);
  explore.changed();
  await settled(RESTED);
  assert.deepEqual(calls, []);
  seed = 4;
  explore.changed();
  address.tabOpened("explore");
  address.tabOpened("walk"); // what has not rested is written before it is left
  address.tabOpened("explore");
  assert.deepEqual(calls, [
    "replace /sub/?model=faces&seed=4&utm_source=mail#part",
    "push /sub/?tab=walk&utm_source=mail#part",
    "push /sub/?model=faces&seed=4&utm_source=mail#part",
  ]);
});

test("a wrong field stays in the address until something changes", async () => {
  const { address, calls, follow } = await page("/?seed=abc");
  let seed = 42;
  const explore = address.keepState("explore", () => ({ seed }));
  follow();
  explore.opened();
  await settled(RESTED);
  assert.deepEqual(calls, []);
  seed = 7;
  explore.changed();
  await settled(RESTED);
  assert.deepEqual(calls, ["replace /?seed=7"]);
});

test("Back leads to the tab, and to its state where that is another one by now", async () => {
  const { address, calls, chosen, go, follow } = await page("/");
  let seed = 42;
  const shown = [];
  const explore = address.keepState("explore", () => ({ seed }), (fields) => shown.push(fields.get("seed")));
  follow();
  explore.opened();
  address.tabOpened("breed");
  seed = 8; // another tab sends a picture
  address.tabOpened("explore");
  assert.deepEqual(calls, ["push /?tab=breed", "push /?seed=8"]);
  go(-1);
  assert.deepEqual([chosen.splice(0), shown], [["breed"], []]);
  address.tabOpened("breed"); // as the strip of tabs says
  go(-1);
  assert.deepEqual([chosen.splice(0), shown.splice(0)], [["explore"], [null]]); // what it showed by itself
  seed = 42;
  go(2);
  assert.deepEqual([chosen, shown], [["explore"], ["8"]]);
  assert.equal(calls.length, 2);
});

test("what only the server can show is loaded with the page, unless the page shows something", async () => {
  const { address, calls, go, follow } = await page("/?run=a");
  let run = "";
  address.keepState("train", () => (run ? { run } : {}));
  follow();
  address.tabOpened("explore");
  go(-1);
  assert.deepEqual(calls.splice(0), ["push /", "reload"]);
  run = "b";
  go(1);
  go(-1);
  assert.deepEqual(calls, ["replace /?run=b"]);
});

test("the link that a tab without a state was opened by stays", async () => {
  const { address, calls, follow } = await page("/?points=abc");
  const explore = address.keepState("explore", () => ({ seed: 1 }));
  follow();
  explore.changed();
  await settled(RESTED);
  assert.deepEqual(calls, []);
});

test("a state that is too long for an address leaves its tab in it", async () => {
  const { address, calls, follow } = await page("/?tab=breed");
  const breed = address.keepState("breed", () => ({ breed: "1.".repeat(5000) }));
  follow();
  breed.changed();
  await settled(RESTED);
  address.tabOpened("walk");
  address.tabOpened("breed");
  assert.deepEqual(calls, ["push /?tab=walk", "push /?tab=breed"]);
});

test("a Space's page on the Hub is told our fields alone; a frame that may not write goes on", async () => {
  const { address, calls, sent, follow } = await page("https://a-b.hf.space/?__sign=secret");
  follow();
  address.tabOpened("find");
  assert.deepEqual(sent, [["?tab=find", "https://huggingface.co"]]);
  assert.deepEqual(calls, ["push /?tab=find&__sign=secret"]);
  globalThis.history.pushState = () => {
    throw new DOMException("no", "SecurityError");
  };
  address.tabOpened("walk");
});

test("a copied link has the page's path and nothing of its query", async () => {
  const { address } = await page("/sub/?utm_source=mail#part");
  assert.equal(address.linkOf({ run: "ab" }), "https://host/sub/?run=ab");
});
