// Inside: how a picture is built, layer by layer; units that are switched off or up, and painted with.
import { copyAddress, fieldsOf, keepState, linkOf } from "../core/address.js";
import { latents, model, pictures } from "../core/api.js";
import { enlarged, keepInSight, notifier, onSeed, paint, savePng } from "../core/dom.js";
import { modelOfLink } from "../core/earlier_weights.js";
import { keepFocus } from "../core/keep_focus.js";
import { latestRequest } from "../core/latest_request.js";
import { modelMenu } from "../core/model_menu.js";
import { fileName } from "../core/numbers.js";
import { receive, sendTo } from "../core/page.js";
import { undoHistory, undoKeys } from "../core/undo.js";
import { brushOver } from "./brush.js";
import { criticOf } from "./critic.js";
import { dragOf } from "./drag.js";
import { isEdited, noEdits, textOf, withDot, withFactor, withOnly } from "./edits.js";
import { foldsOf } from "./folds.js";
import { fieldsFrom, fitting, requestFrom } from "./link.js";
import { paintingOf } from "./painting.js";
import * as requests from "./requests.js";
import { stagesOf } from "./stages.js";
import { unitsOf } from "./units.js";
import { build } from "./view.js";

const FIRST_SEED = 5, MAX_PIXELS = 512, FIRST_UNITS = 24;
const REST_MS = 200; // after a change, before units and guesses are asked for

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, trigger, watch) {
  const state = /** @type {any} */ ({
    model: null,
    info: null,
    layers: [],
    parts: [],
    seed: FIRST_SEED,
    wanted: FIRST_SEED, // the seed that is on its way
    z: null,
    label: null, // where z is from, if no seed
    edits: noEdits(),
    history: undoHistory(),
    layer: 0,
    part: "",
    way: "more",
    count: FIRST_UNITS,
    original: false,
    shown: null, // the newest picture
    real: 0, // which real picture the discriminator is shown
  });
  let notice = ""; // what was wrong in a link
  let before = null; // the edits when a stroke or a slider's move began
  const begin = () => void (before ??= state.edits);
  const brush = brushOver({ begin, dot, end: settle });
  const stages = stagesOf({ choose: chooseLayer, screen });
  const units = unitsOf({
    change: (layer, unit, factor, done) => change(withFactor(state.edits, layer, unit, factor), done),
    only: (layer, unit) => change(withOnly(state.edits, layer, unit), true),
    more: () => {
      state.count = state.layers[state.layer].units;
      askFilm();
    },
  });
  const critic = criticOf({
    ask: () => askFilm(),
    another() {
      state.real++;
      askFilm();
    },
    now: () => state,
  });
  const show = (image) => paint(view.picture, state.shown = image);
  const drag = dragOf({ state, begin, put, settle, paint: show, opened: () => painting.choose("") });
  const view = build(element.querySelector(".gs-inside"), { brush, drag, stages, units, critic });
  const failed = (error) => void (view.error.textContent = error.message);
  const chosen = () => {
    if (state.part) drag.close();
    showEdits();
  };
  const painting = paintingOf({ state, view, brush, chosen, found: () => askFilm(), failed });
  const notify = notifier(view.notice);
  /* The picture and how it is built. */
  const draw = latestRequest(
    ({ z, text }) =>
      text ? requests.editedPicture(state.model, z, text) : pictures(state.model, [z]).then(([one]) => one),
    (image, { info }) => {
      if (info !== state.info) return;
      view.error.textContent = notice;
      show(image);
    },
    failed,
    2,
  );
  const look = latestRequest(
    (wanted) => requests.film(wanted.model, wanted),
    ({ guesses, units: maps }, { info, layer }) => {
      if (info !== state.info || layer !== state.layer) return;
      stages.show(guesses, layer);
      units.show(maps, layer, state.edits, state.layers[layer].units);
    },
    failed,
    1,
  );
  const judge = latestRequest(
    (wanted) => requests.critic(wanted.model, wanted),
    (said, { info }) => info === state.info && critic.isOpen() && critic.show(said),
    critic.failed,
    1,
  );

  const text = () => state.original ? "" : textOf(state.edits);
  function refresh() {
    stages.stop();
    draw({ z: state.z, text: text(), info: state.info });
  }

  let resting = 0;
  function askFilm() {
    clearTimeout(resting);
    const { model, info, z, layer, count } = state;
    look({ model, info, z, layer, count, edits: text(), part: view.order.value });
    if (critic.isOpen()) judge({ model, info, z, edits: text(), seed: state.real });
  }
  function askFilmSoon() {
    clearTimeout(resting);
    resting = setTimeout(askFilm, REST_MS);
  }

  // A stage of the film in the picture's place.
  function screen(image) {
    brush.element.classList.toggle("gs-away", Boolean(image));
    if (image) paint(view.picture, image);
    else if (state.shown) paint(view.picture, state.shown);
  }

  /* Changes. */
  function change(edits, done) {
    begin();
    notice = "";
    put(edits);
    if (done) settle();
  }

  function put(edits) {
    state.edits = edits;
    state.original = false;
    refresh();
    showEdits();
  }

  // A stroke, or the move of a slider, is one step back.
  function settle() {
    if (!before) return;
    if (textOf(before) !== textOf(state.edits)) state.history.push(before);
    before = null;
    showEdits();
    askFilmSoon();
    kept.changed();
  }

  function dot(place) {
    const { part, way } = state;
    change(withDot(state.edits, way, part, { ...place, radius: view.size.valueAsNumber }), false);
  }

  function step(way) {
    settle();
    const next = state.history[way](state.edits);
    if (next) setEdits(next);
  }

  function setEdits(edits) {
    put(edits);
    askFilmSoon();
    kept.changed();
  }

  function showEdits() {
    const { edits, history, original } = state;
    units.showEdits(edits);
    brush.show(original ? [] : edits.strokes.filter(({ part }) => part === state.part));
    drag.show();
    folds.showEdits();
    view.original.setAttribute("aria-pressed", String(original));
    view.originalHint.hidden = !original;
    view.original.disabled = view.clear.disabled = !isEdited(edits);
    view.back.disabled = !history.canUndo();
    view.forth.disabled = !history.canRedo();
    view.describe(state.label ?? `seed ${state.seed}`, isEdited(edits) && !original);
  }

  /* Layers. */
  function chooseLayer(layer) {
    stages.stop();
    units.clear();
    state.layer = layer;
    state.count = FIRST_UNITS;
    stages.choose(layer);
    view.showLayer(state.layers[state.layer]);
    askFilm();
  }

  /* Opening a model, a seed, a link. */
  async function open(name, request, isNewest) {
    const [info, inside] = await Promise.all([model(name), requests.facts(name)]);
    const { edits, given, folds: unfolded, problems } = fitting(request, name, info, inside);
    const seed = request.seed ?? (state.label === null ? state.seed : FIRST_SEED);
    const z = given ?? (await latents(name, [seed]))[0];
    if (!isNewest()) return false;
    // Without parts nothing can be painted: a link's strokes wait for them.
    const waiting = inside.parts.length ? [] : edits.strokes;
    Object.assign(state, inside, {
      model: name,
      info,
      z,
      seed,
      wanted: seed,
      label: z === given ? request.label ?? "a latent vector" : null,
      edits: waiting.length ? { ...edits, strokes: [] } : edits,
      history: undoHistory(),
      original: false,
      layer: Math.min(2, inside.layers.length - 1),
      count: FIRST_UNITS,
    });
    before = null;
    judge.forget();
    drag.close();
    units.clear();
    stages.open(inside);
    critic.close();
    view.showLayer(state.layers[state.layer]);
    painting.show();
    showSeed();
    folds.forget();
    if (unfolded) folds.restore(unfolded);
    fit();
    notice = problems.join(" ");
    refresh();
    askFilm();
    if (waiting.length) painting.find().then(() => addStrokes(info, waiting));
    if (!sent) kept.opened();
    kept.changed();
    return true;
  }

  function addStrokes(info, strokes) {
    if (info !== state.info) return;
    if (strokes.every(({ part }) => state.parts.includes(part))) setEdits({ ...state.edits, strokes });
    else failed(new Error("This link paints with parts that the model does not have."));
  }

  async function goTo(seed) {
    const { info } = state;
    state.wanted = seed;
    try {
      const [z] = await latents(state.model, [seed]);
      if (state.wanted !== seed || state.info !== info) return;
      // A pull is one of places of its picture.
      Object.assign(state, { seed, z, label: null, edits: { ...state.edits, pulls: [] } });
      showSeed();
      showEdits();
      refresh();
      askFilm();
      kept.changed();
    } catch (error) {
      failed(error);
    }
  }

  const folds = foldsOf({ now: () => state, choose: goTo, change, changed: () => kept.changed() });
  view.folds.append(...folds.children);

  function showSeed() {
    view.seed.value = state.label === null ? String(state.seed) : "";
    folds.mark();
  }
  const fit = keepInSight(view.picture, view.frame, () => state.info?.size, MAX_PIXELS, 0.42);

  const fields = () => fieldsFrom(state, folds.shown());
  let sent = false; // another tab's picture takes the place of what the tab shows by itself
  const menu = modelMenu({ element, props, trigger, watch, open, shown: () => state.model });
  const openLinked = (linked) => menu.openLinked(modelOfLink(linked, linked.get("model")), requestFrom(linked), failed);
  const kept = keepState("inside", fields, openLinked);

  onSeed(view, () => state.wanted, goTo);
  view.original.onclick = () => {
    state.original = !state.original;
    refresh();
    showEdits();
    askFilm();
  };
  view.back.onclick = () => step("undo");
  view.forth.onclick = () => step("redo");
  view.clear.onclick = () => change(noEdits(), true);
  const name = () => fileName(`${state.model}-${state.label ?? `seed-${state.seed}`}`);
  view.save.onclick = () => savePng(enlarged(view.picture, MAX_PIXELS), `${name()}.png`);
  view.copy.onclick = async () => notify(await copyAddress(linkOf({ tab: "inside", ...fields() })));
  view.explore.onclick = () => {
    const { model, z, seed, label } = state;
    sendTo("explore", { model, ...(label === null ? { seed } : { z, label }) });
  };
  view.order.onchange = askFilm;
  undoKeys(element, step);
  keepFocus(view.actions, true);

  receive("inside", ({ model: name, z, seed, label, map }) => {
    sent = true;
    menu.openAndTell(name, z ? { z, label } : { seed }).then(() => map && folds.openMap()).catch(failed);
  });
  if (!sent) openLinked(fieldsOf("inside"));
}
