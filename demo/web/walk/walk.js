// Walk: a path through key pictures. The frames come once; play and scrub then need no server.
import { copyAddress, fieldsOf, keepState, linkOf } from "../core/address.js";
import { latents, model, pictures, unpack, walk } from "../core/api.js";
import { classChoice } from "../core/class_choice.js";
import { MAX_FRAMES, MAX_KEYS } from "../core/constants.js";
import { clearing, errorsIn, fitWhole, folded, make, notifier, onEnter, paint, saveAs } from "../core/dom.js";
import { modelOfLink } from "../core/earlier_weights.js";
import { roundZ } from "../core/latent_text.js";
import { turns } from "../core/latest_request.js";
import { modelMenu } from "../core/model_menu.js";
import { readSeeds, SEEDS_RULE } from "../core/numbers.js";
import { nextKept, onKept, receive } from "../core/page.js";
import { changesIn, classAt, showCrossings } from "./crossings.js";
import { filmOf } from "./film.js";
import { walkFields, walkFrom } from "./link.js";
import { build } from "./view.js";

const FIRST_SEEDS = [1, 7, 23, 42];
const MAX_PIXELS = 448;
const DEFAULT_FRAMES = 60;
const TOO_MANY = `A walk has at most ${MAX_KEYS} key pictures: remove some first.`;
const RATE = 20; // frames a second while playing, as in the saved GIF

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, trigger, watch) {
  const state = { model: null, info: null, keys: [], frames: [], changes: [], at: 0, playing: 0 };
  const choice = classChoice(
    () => anew(changeClass)(),
    "any: each key picture keeps its own. Else all are of one class, and so is all between.",
  );
  const view = build(element.querySelector(".gs-walk"), choice.element);
  const failed = errorsIn(view.error);
  const anew = clearing(view.error);

  // A model from the menu keeps the seeds among the keys; a request brings its own keys {z?, seed?, label?}, or `link`,
  // the fields of an address. False if a newer choice came before it.
  async function open(name, request, isNewest) {
    const info = await model(name), linked = request.link && walkFrom(info, request.link);
    await choice.ready(info);
    const old = state.keys.filter((key) => key.seed !== undefined).map(({ seed }) => ({ seed }));
    const seeds = old.length >= 2 ? old : FIRST_SEEDS.map((seed) => ({ seed }));
    const keys = await withLatents(name, linked?.keys ?? request.keys ?? seeds);
    if (!isNewest()) return false;
    Object.assign(state, { model: name, info, keys: [] });
    const misfits = choice.open(info, request.link?.get("class"));
    fit();
    if (linked) {
      view.mode.value = linked.mode;
      view.closed.checked = linked.closed;
      view.frames.value = linked.frames ?? DEFAULT_FRAMES;
    }
    view.error.textContent = [...(linked?.problems ?? []), ...misfits].join(" ");
    // A walk of the model of before must not stay.
    if (!allowed(settings().frames, keys.length)) view.frames.value = DEFAULT_FRAMES;
    await addKeys(keys);
    return true;
  }

  // The latents of those keys that are seeds.
  async function withLatents(name, keys) {
    const seeds = keys.filter((key) => !key.z).map((key) => key.seed);
    const rows = seeds.length ? await latents(name, seeds) : [];
    return keys.map((key) => ({ ...key, z: key.z ?? rows.shift() }));
  }

  // Not if another model was opened meanwhile.
  async function addSeeds(seeds) {
    const { info } = state;
    checkRoom(seeds.length);
    const keys = await withLatents(state.model, seeds.map((seed) => ({ seed })));
    if (info === state.info) await addKeys(keys);
  }

  // Keys {z, seed?, label?}. The walk needs the latents only: it does not wait for their pictures.
  async function addKeys(keys) {
    const added = keys.map(({ z, seed, label }) => ({
      z,
      seed,
      label: label ?? (seed === undefined ? "a latent" : `seed ${seed}`),
      canvas: make("canvas"),
    }));
    state.keys.push(...added);
    await Promise.all([draw(added), refresh()]);
  }

  // Of keys whose class changed meanwhile, the newer pictures stay.
  async function draw(keys) {
    const { index } = choice, images = await pictures(state.model, keys.map((key) => choice.put(key.z)));
    if (index === choice.index) images.forEach((image, i) => paint(keys[i].canvas, image));
  }

  async function changeClass() {
    await Promise.all([draw(state.keys), refresh()]).catch(failed);
  }

  function checkRoom(more) {
    if (state.keys.length + more > MAX_KEYS) throw new Error(TOO_MANY);
  }

  function showKeys() {
    view.keys.replaceChildren(...state.keys.map((key, i) => {
      const tool = (text, hint, disabled, onclick) =>
        make("button", { title: hint, "aria-label": `${hint}: ${key.label}`, disabled, onclick }, text);
      return make(
        "li",
        key.canvas,
        make("span.gs-quiet", key.label),
        make(
          "div.gs-tools",
          tool("◀", "Move earlier", i === 0, anew(() => move(i, -1, 0))),
          tool("▶", "Move later", i === state.keys.length - 1, anew(() => move(i, 1, 1))),
          tool(
            "✕",
            "Remove",
            state.keys.length <= 2,
            anew(() => {
              state.keys.splice(i, 1);
              refresh();
              focusOn(Math.min(i, state.keys.length - 1), 2);
            }),
          ),
        ),
      );
    }));
  }

  function move(index, by, tool) {
    const [key] = state.keys.splice(index, 1);
    state.keys.splice(index + by, 0, key);
    refresh();
    focusOn(index + by, tool);
  }

  // After the list was rebuilt. A tool that cannot be used there leaves the focus to the next one.
  function focusOn(index, tool) {
    const tools = [...view.keys.children[index].querySelectorAll("button")];
    (tools[tool].disabled ? tools.find(({ disabled }) => !disabled) : tools[tool])?.focus();
  }

  const settings = () => ({ frames: view.frames.valueAsNumber, mode: view.mode.value, closed: view.closed.checked });
  const allowed = (frames, keys) => Number.isInteger(frames) && frames >= Math.max(2, keys) && frames <= MAX_FRAMES;
  const zs = () => state.keys.map((key) => choice.put(key.z));
  const fields = () => walkFields({ ...state, ...settings(), text: choice.text() });

  // Only the answer to the newest request is shown.
  const refreshing = turns();
  async function refresh() {
    const isNewest = refreshing(), good = allowed(settings().frames, state.keys.length);
    showKeys();
    view.frames.min = Math.max(2, state.keys.length);
    view.framesError.say(good ? "" : `frames must be a whole number from ${view.frames.min} to ${MAX_FRAMES}.`);
    if (!good) return;
    kept.opened();
    kept.changed();
    try {
      const response = await walk(state.model, zs(), { ...settings(), format: "raw" });
      const frames = await unpack(response);
      if (!isNewest()) return;
      Object.assign(state, { frames, changes: changesIn(response.headers.get("X-Classes")) });
      showCrossings(view, state.changes, { frames: frames.length, title: choice.title, keep: keepClass });
      view.scrubber.max = frames.length - 1;
      exported.part()?.update();
      view.film.replaceChildren(...filmOf(frames, show));
      show(Math.min(state.at, frames.length - 1));
    } catch (error) {
      if (isNewest()) failed(error);
    }
  }

  function show(index) {
    state.at = index;
    view.scrubber.value = index;
    const found = classAt(state.changes, index), named = found === undefined ? "" : `, ${choice.title(found)}`;
    view.text.textContent = `frame ${index + 1} of ${state.frames.length}${named}`;
    view.scrubber.setAttribute("aria-valuetext", view.text.textContent);
    if (state.frames.length) paint(view.picture, state.frames[index]);
  }

  function keepClass(index) {
    choice.set(index);
    changeClass();
  }

  function play(on) {
    clearInterval(state.playing);
    state.playing = 0;
    if (on) {
      // An open walk plays back and forth.
      let by = 1;
      state.playing = setInterval(() => {
        const last = state.frames.length - 1;
        if (view.closed.checked) return show((state.at + 1) % (last + 1));
        if (state.at + by < 0 || state.at + by > last) by = -by;
        show(Math.min(Math.max(state.at + by, 0), last));
      }, 1000 / RATE);
    }
    view.play.textContent = on ? "Pause" : "Play";
    view.play.title = `${view.play.textContent} the walk`;
    view.play.setAttribute("aria-label", view.play.title);
  }

  async function save(format, name) {
    const response = await walk(state.model, zs(), { ...settings(), format });
    saveAs(await response.blob(), name);
  }

  async function add() {
    const typed = view.seeds.value, seeds = readSeeds(typed);
    if (!seeds) return view.seedsError.say(SEEDS_RULE);
    view.seedsError.say("");
    try {
      await addSeeds(seeds);
      if (view.seeds.value === typed) view.seeds.value = "";
    } catch (error) {
      view.seedsError.say(error.message);
    }
  }

  const fit = () => fitWhole(view.picture, view.frame, state.info?.size, MAX_PIXELS);
  fit();
  new ResizeObserver(fit).observe(view.frame);

  // Pictures kept in Explore, one after another: the first may bring another model with it.
  let taking = false;
  async function takeKept() {
    if (taking || !state.info) return;
    taking = true;
    try {
      for (let key = nextKept(); key; key = nextKept()) await take(key);
    } catch (error) {
      failed(error);
    }
    taking = false;
  }

  // Another tab sends one key, {model, z, seed?, label}, which is added, or all: {model, keys}.
  async function take(/** @type {any} */ { model: name, keys, ...key }) {
    const rounded = (keys ?? [key]).map((each) => (each.seed === undefined ? { ...each, z: roundZ(each.z) } : each));
    if (name === state.model && rounded.length < 2) {
      checkRoom(1);
      return await addKeys(rounded);
    }
    if (rounded.length > MAX_KEYS) throw new Error(TOO_MANY);
    // All keys belong to one generator.
    const beside = rounded.length < 2 ? [{ seed: FIRST_SEEDS[0] }] : [];
    await menu.openAndTell(name, { keys: [...beside, ...rounded] });
  }

  const now = () => {
    const { model: name, keys, info } = state;
    return { model: name, keys, zs: zs(), settings: settings(), class_name: choice.text() ?? "", size: info.size };
  };
  const exported = folded(
    "gs-take",
    "Export",
    async () => (await import("../export/export_panel.js")).ofWalk(now, save),
  );
  view.take.append(exported.element);

  const notify = notifier(view.notice);

  onKept(anew(takeKept));
  view.play.onclick = () => play(!state.playing);
  view.scrubber.oninput = () => {
    play(false);
    show(view.scrubber.valueAsNumber);
  };
  for (const control of [view.mode, view.frames, view.closed]) control.onchange = anew(refresh);
  view.add.onclick = anew(add);
  onEnter(view.seeds, anew(add));
  view.copy.onclick = async () => notify(await copyAddress(linkOf(fields())));
  const menu = modelMenu({ element, props, trigger, watch, open, shown: () => state.model });
  const firstModel = props.value.model;
  const kept = keepState(
    "walk",
    fields,
    (fields) => openLinked(fields).catch(failed),
  );

  // The walk of a link, or the one that the tab shows by itself, with what is wrong with the link.
  async function openLinked(fields) {
    const byItself = new URLSearchParams({ walk: firstModel, keys: FIRST_SEEDS.join() });
    const linked = fields.get("walk");
    try {
      await menu.openAndTell(linked ? modelOfLink(fields, linked) : firstModel, { link: linked ? fields : byItself });
    } catch (error) {
      await menu.openAndTell(firstModel, { link: byItself });
      failed(error);
    }
  }

  async function start() {
    const link = fieldsOf("walk");
    try {
      await (link.get("walk") ? openLinked(link) : menu.open(firstModel));
    } catch (error) {
      failed(error);
    }
    await takeKept();
  }
  const ready = start();
  receive("walk", async (handed) => {
    view.error.textContent = "";
    await ready;
    take(handed).catch(failed);
  });
}
