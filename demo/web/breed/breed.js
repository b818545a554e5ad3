// Breed: children of one picture, of two, or near a sum of several; the one that is pressed is the next
// parent. Everything is a recipe (lineage.js); the server makes latents of it, and pictures of those.
import { copyAddress, fieldsOf, keepState, linkOf } from "../core/address.js";
import { model } from "../core/api.js";
import { classChoice } from "../core/class_choice.js";
import { MAX_SEED } from "../core/constants.js";
import { notifier } from "../core/dom.js";
import { modelOfLink, otherWeights, placeOf } from "../core/earlier_weights.js";
import { packZ, roundZ } from "../core/latent_text.js";
import { keepFocus } from "../core/keep_focus.js";
import { latestRequest } from "../core/latest_request.js";
import { wrongField } from "../core/link_fields.js";
import { modelMenu } from "../core/model_menu.js";
import { isSeed, randomSeed, SEED_RULE, typedNumber } from "../core/numbers.js";
import { receive, sendTo } from "../core/page.js";
import { sumsOf } from "./arithmetic.js";
import { COUNT, draggable, droppable, gridOf, saveSheet } from "./grid.js";
import { lineage } from "./lineage.js";
import { parentsOf } from "./parents.js";
import * as requests from "./requests.js";
import { shelfOf } from "./shelf.js";
import { treeOf } from "./tree.js";
import { undoHistory, undoKeys } from "../core/undo.js";
import { build } from "./view.js";

const FIRST_SEED = 42;
const USUAL = { one: 40, two: 10, sum: 8 }; // hundredths of difference

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, trigger, watch) {
  const fresh = () => ({ now: null, shown: null, tree: new Set(), usual: { ...USUAL }, history: undoHistory() });
  const state = { model: null, info: null, family: null, ...fresh() };
  const individual = (id) => state.family.individuals[id];
  const grid = gridOf({ choose, keep: (i) => keep(child(i)), individualOf: child });
  const tree = treeOf({ goTo: (id) => go({ parents: [id], offspringSeed: 0 }), individualOf: individual });
  const shelf = shelfOf({
    family: () => state.family,
    tools: shelfTools,
    changed: showShelf,
    full: (most) => notify(`The shelf has room for ${most} pictures: take one away first.`),
  });
  const choice = classChoice(
    (index) => go({ classIndex: index ?? undefined }),
    "any: a child's class may differ from its parent's.",
  );
  const view = build(element.querySelector(".gs-breed"), { grid, tree, shelf, choice });
  const notify = notifier(view.notice, 5000);
  let notice = ""; // a message that stays when the next children are shown
  const failed = (error) => {
    grid.busy(false);
    view.error.textContent = error.message;
  };

  const fill = (individuals) => requests.fill(state.model, state.info.z_dim, individuals);
  const sums = sumsOf({ state, view, individual, seeded, fill, go, notify, failed });
  const draw = latestRequest(requests.offspringOf, arrived, refused, 2);
  const { showControls, showParents } = parentsOf({ state, view, choice, individual, history: () => state.history });

  /** @param {{zs: Float32Array[], images: ImageData[]}} offspring
   * @param {Parameters<typeof requests.offspringOf>[0]} request */
  function arrived({ zs, images }, { family, now }) {
    if (family !== state.family) return;
    state.shown = { now, zs, images };
    grid.busy(false);
    grid.show(images, "Press to make it the parent");
    if (notice) view.error.textContent = notice;
    notice = "";
    view.words.textContent = describe(now);
    if (blank) showIndividuals();
  }

  // The server may reject a link's recipe: show the children of the default seed instead.
  function refused(error) {
    const first = { parents: [seeded(FIRST_SEED).id], percent: USUAL.one, offspringSeed: 0 };
    if (state.shown || state.now.parents[0] === first.parents[0]) return failed(error);
    notice = error.message;
    state.tree.clear();
    setState(first);
  }

  const describe = ({ parents, percent, classIndex }) =>
    `${COUNT} ${individual(parents[0]).kind === "sum" ? "pictures near" : "children of"} ${
      parents.map((id) => individual(id).label).join(" and ")
    }` +
    `, difference ${(percent / 100).toFixed(2)}${classIndex === undefined ? "" : `, ${choice.title(classIndex)}`}`;

  // The individual at a cell of the grid.
  function child(i) {
    if (!state.shown) return null;
    const { now, zs, images } = state.shown;
    return state.family.individual({
      kind: "child",
      ...now,
      index: i,
      z: zs[i],
      image: images[i],
    });
  }

  function choose(i) {
    const chosen = child(i);
    if (chosen) go({ parents: [chosen.id], offspringSeed: 0 });
  }

  const kindOf = (
    { parents },
  ) => (individual(parents[0]).kind === "sum" ? "sum" : parents.length === 2 ? "two" : "one");

  // Show other offspring, with an entry in the history.
  function go(changes, error = "") {
    const next = { ...state.now, ...changes };
    if (changes.parents && changes.percent === undefined) next.percent = state.usual[kindOf(next)];
    if (state.now) state.history.push(state.now);
    setState(next, error);
  }

  function setState(now, error = "") {
    const others = state.now?.parents !== now.parents;
    state.now = now;
    showControls();
    if (others) {
      now.parents.forEach(plant);
      shelf.show();
      showIndividuals();
    }
    grid.busy(true);
    view.error.textContent = error;
    const { model, info, family } = state;
    draw({ model, info, family, now });
    if (!sent) kept.opened();
    kept.changed();
  }

  function step(way) {
    const next = state.history[way](state.now);
    if (next) setState(next);
  }

  // The tree shows an individual and its ancestors, but not the pictures that a sum averages.
  function plant(id) {
    if (state.tree.has(id)) return;
    (individual(id).parents ?? []).forEach(plant);
    state.tree.add(id);
  }

  let blank = false; // whether pictures of them are still to come
  function showIndividuals() {
    const individuals = [...state.tree].sort((a, b) => a - b).map(individual), { parents } = state.now;
    blank = [...individuals, ...state.family.ancestors(parents).map(individual)].some((one) => !one.image);
    showParents();
    tree.show(individuals, parents);
    if (kindOf(state.now) === "sum") sums.show();
  }

  function seeded(seed) {
    return state.family.individual({ kind: "seed", seed });
  }

  /* The shelf, and actions that leave the tab. */
  function shelfTools(one) {
    if (state.now && individual(state.now.parents[0]).kind === "sum") {
      return ["A", "B", "C"].map((name, i) => [name, `Add to ${name}`, () => sums.put(i, [one])]);
    }
    return [["Parent", "Make it the parent", () => go({ parents: [one.id], offspringSeed: 0 })], [
      "Mix",
      "Mix the parent with it",
      () => mixWith(one),
    ]];
  }

  function keep(one) {
    if (one?.z && shelf.add(one)) notify(`${one.label} is on the shelf.`);
  }

  function showShelf() {
    view.walk.disabled = shelf.all().length < 2;
    view.shelfSheet.disabled = !shelf.all().length;
  }

  const mixWith = (one) => go({ parents: [state.now.parents[0], one.id], offspringSeed: 0 });
  const keys = () => shelf.all().map(({ z, seed, image, label }) => ({ z, seed, image, label }));
  const save = (images, name) => saveSheet(images, `${state.model}-${name}`);

  function sendParent(tab) {
    const { kind, seed, z, label } = individual(state.now.parents[0]);
    sendTo(tab, { model: state.model, label, ...(kind === "seed" ? { seed } : { z }) });
  }

  /** @returns {Record<string, any>} */
  function fields() {
    const { model, info, family, now } = state;
    return now ? { model, weights: info.weights, breed: family.recipe(now).text } : {};
  }

  async function open(name, /** @type {any} */ request, isNewest) {
    const { recipe, start, seed = FIRST_SEED } = request;
    const info = await model(name), family = lineage();
    await choice.ready(info);
    if (!isNewest()) return false;
    Object.assign(state, { model: name, info, family, ...fresh() });
    const linked = recipe === undefined ? null : family.read(recipe, info), problems = choice.open(info, request.class);
    problems.push(...otherWeights(request.weights, info, name));
    const first = start ? family.individual(start) : family.individual({ kind: "seed", seed });
    if (recipe !== undefined && !linked) {
      problems.push(wrongField("breed", recipe, `is a recipe that does not fit ${name}: seed ${seed} is shown`));
    }
    notice = problems.join(" ");
    const shown = linked ?? { parents: [first.id], percent: USUAL.one, offspringSeed: 0 };
    setState({ classIndex: choice.index ?? undefined, ...shown });
    await openShelf(name, info);
    return true;
  }

  async function openShelf(name, info) {
    const individuals = shelf.open(placeOf(name, info), info.z_dim);
    await fill(individuals);
    if (state.model !== name) return;
    shelf.show();
    showShelf();
  }

  let sent = false; // another tab's picture takes the place of what the tab shows by itself
  const menu = modelMenu({ element, props, trigger, watch, open, shown: () => state.model });
  const openLinked = (linked) => {
    const recipe = linked.get("breed") ?? undefined;
    const request = recipe === undefined ? {} : { recipe, class: linked.get("class"), weights: linked.get("weights") };
    menu.openLinked(recipe === undefined ? null : modelOfLink(linked, linked.get("model")), request, failed);
  };
  const kept = keepState("breed", fields, openLinked);

  function begin(seed) {
    if (!isSeed(seed)) {
      failed(new Error(SEED_RULE));
      return showControls();
    }
    go({ parents: [seeded(seed).id], offspringSeed: 0 });
  }

  view.breeding.onclick = () => {
    if (view.breeding.getAttribute("aria-pressed") === "true") return;
    const last = state.history.pastNewestFirst().find(({ parents }) => individual(parents[0]).kind !== "sum");
    if (last) go(last);
    else begin(FIRST_SEED);
  };
  view.summing.onclick = () => {
    if (view.summing.getAttribute("aria-pressed") !== "true") sums.open();
  };
  let before = null; // the state when the drag began
  view.percent.oninput = () => {
    before ??= state.now;
    state.usual[kindOf(state.now)] = view.percent.valueAsNumber;
    setState({ ...state.now, percent: view.percent.valueAsNumber });
  };
  view.percent.onchange = () => {
    if (!before) return;
    state.history.push(before);
    before = null;
    showControls();
  };
  view.others.onclick = () => go({ offspringSeed: (state.now.offspringSeed + 1) % (MAX_SEED + 1) });
  view.back.onclick = () => step("undo");
  view.forth.onclick = () => step("redo");
  view.seed.onchange = () => begin(typedNumber(view.seed));
  view.dice.onclick = () => begin(randomSeed());
  view.mixSeed.onchange = () => {
    const seed = typedNumber(view.mixSeed);
    view.mixSeed.value = "";
    if (isSeed(seed)) mixWith(seeded(seed));
    else failed(new Error(SEED_RULE));
  };
  view.unmix.onclick = () => go({ parents: state.now.parents.slice(0, 1), offspringSeed: 0 });
  view.keep.onclick = () => keep(individual(state.now.parents[0]));
  for (const tab of ["explore", "inside"]) view[tab].onclick = () => sendParent(tab);
  view.save.onclick = () => {
    const { image, label } = individual(state.now.parents[0]);
    if (image) save([image], label);
  };
  view.sheet.onclick = () => state.shown && save(state.shown.images, view.words.textContent);
  view.copy.onclick = async () => notify(await copyAddress(linkOf(fields())));
  view.walk.onclick = () => sendTo("walk", { model: state.model, keys: keys() });
  view.shelfSheet.onclick = () => save(keys().map(({ image }) => image), "shelf");
  droppable(view.mix, mixWith);
  droppable(view.parent.element, (one) => go({ parents: [one.id], offspringSeed: 0 }));
  draggable(view.parent.canvas, () => individual(state.now.parents[0]));
  undoKeys(element, step);
  keepFocus(view.actions, true);

  receive("breed", ({ model: name, z, seed, label, class: text }) => {
    sent = true;
    const wanted = z ? { start: { kind: "latent", text: packZ(roundZ(z)), label } } : { seed };
    menu.openAndTell(name, { ...wanted, class: text }).catch(failed);
  });
  if (!sent) openLinked(fieldsOf("breed"));
}
