// The model menu above a view: the newest choice wins, and the menu names the model that is shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelMenu } from "../../demo/web/core/model_menu.js";

globalThis.document ??= /** @type {any} */ ({
  createElement: () => ({ append() {}, setAttribute() {}, hidden: false, textContent: "" }),
});
const settled = () => new Promise((done) => setTimeout(done, 0));

/** A view whose models come when they are let go; `told` is what the menu was told. */
function page() {
  const props = { value: { model: "faces" } }, told = [], open = new Map(), elements = [], failures = [];
  let shown = null, changed = () => {};
  const create = document.createElement;
  document.createElement = (tag) => (elements.push(create.call(document, tag)), elements.at(-1));
  const menu = modelMenu({
    element: /** @type {any} */ ({ prepend() {} }),
    props,
    trigger: (event, { name }) => (assert.equal(event, "moved"), told.push(name)),
    watch: (_name, callback) => changed = callback,
    open: async (name, _request, isNewest) => {
      await new Promise((resolve, reject) => open.set(name, { resolve, reject }));
      if (!isNewest()) return false;
      shown = name;
      return true;
    },
    shown: () => shown,
  });
  document.createElement = create;
  const choose = (model) => (props.value = { model, turn: Math.random() }, changed(), settled());
  const come = (model) => (open.get(model).resolve(), settled());
  const fail = (model) => (open.get(model).reject(new Error(`no ${model}`)), settled());
  const failed = ({ message }) => failures.push(message);
  return { menu, props, told, choose, come, fail, failed, failures, error: elements[0], shown: () => shown };
}

test("the newest choice wins, whichever model comes first", async () => {
  const { choose, come, shown, told } = page();
  await choose("slow");
  await choose("digits");
  await come("digits");
  await come("slow");
  assert.deepEqual([shown(), told], ["digits", []]);
});

test("a name that cannot be opened leads back to the model that is shown, with the error below", async () => {
  const { menu, choose, come, fail, told, error } = page();
  menu.open("digits"); // by a link
  await come("digits");
  await choose("digitz");
  await fail("digitz");
  assert.deepEqual([told, error.textContent, error.hidden], [["digits"], "no digitz", false]);
  // What the menu was told may reach it after the next choice.
  await choose("faces");
  assert.ok(error.hidden);
  await come("faces");
  assert.deepEqual(told, ["digits", "faces"]);
});

test("an older choice that fails is nobody's business", async () => {
  const { choose, come, fail, told, error } = page();
  await choose("slow");
  await choose("faces");
  await come("faces");
  await fail("slow");
  assert.deepEqual([told, error.textContent], [[], ""]);
});

test("a linked model that is missing makes way for the first, with its error", async () => {
  const { menu, come, fail, failed, failures, shown } = page();
  const opening = menu.openLinked("nope", {}, failed);
  await settled();
  await fail("nope");
  await come("faces");
  await opening;
  assert.deepEqual([shown(), failures], ["faces", ["no nope"]]);
});

test("what the menu is told is no choice", async () => {
  const { menu, props, choose, come, told, shown } = page();
  menu.openAndTell("digits");
  await come("digits");
  assert.deepEqual(told, ["digits"]);
  props.value = { model: "faces", known: true };
  assert.equal(shown(), "digits");
  await choose("faces");
  await come("faces");
  assert.equal(shown(), "faces");
});
