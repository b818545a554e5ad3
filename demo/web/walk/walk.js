// Walk: a path through key pictures. The frames come once; play and scrub then need no server.
import { latents, model, pictures, unpack, walk } from "../core/api.js";
import { MAX_KEYS } from "../core/constants.js";
import { copyAddress, errorsIn, fitWhole, folded, make, notifier, onEnter, paint, saveAs } from "../core/dom.js";
import { roundZ } from "../core/latent_text.js";
import { readSeeds, SEEDS_RULE } from "../core/numbers.js";
import { nextKept, onKept, receive } from "../core/page.js";
import { linkedWalk, walkFromAddress, walkLink } from "./link.js";
import { build } from "./view.js";

const FIRST_SEEDS = [1, 7, 23, 42];
const FILM = 12; // frames of the film strip
const MAX_PIXELS = 448;
const RATE = 20; // frames a second while playing, as in the saved GIF

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, trigger, watch) {
  const state = { model: null, info: null, keys: [], frames: [], at: 0, playing: 0 };
  const view = build(element.querySelector(".gs-walk"));
  const failed = errorsIn(view.error);
  // A user's action clears the previous error; late answers do not.
  const anew = (act) => (...args) => {
    view.error.textContent = "";
    return act(...args);
  };

  async function open(name) {
    try {
      const old = state.keys.filter((key) => key.seed !== undefined).map((key) => key.seed);
      const seeds = old.length >= 2 ? old : FIRST_SEEDS;
      const [info, rows] = await Promise.all([model(name), latents(name, seeds)]);
      Object.assign(state, { model: name, info, keys: [] });
      fit();
      await addKeys(seeds.map((seed, i) => ({ seed, z: rows[i] })));
      await takeKept();
    } catch (error) {
      failed(error);
    }
  }

  // Opens the walk of a link; false after an error, which is shown.
  async function openLinked(name) {
    try {
      const info = await model(name), linked = walkFromAddress(info.z_dim);
      Object.assign(state, { model: name, info, keys: [] });
      fit();
      trigger("moved", { name });
      view.mode.value = linked.mode;
      view.closed.checked = linked.closed;
      if (linked.frames) view.frames.value = linked.frames;
      await addKeys(await withLatents(linked.keys));
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  }

  // The latents of those keys that are seeds.
  async function withLatents(keys) {
    const seeds = keys.filter((key) => !key.z).map((key) => key.seed);
    const rows = seeds.length ? await latents(state.model, seeds) : [];
    return keys.map((key) => ({ ...key, z: key.z ?? rows.shift() }));
  }

  async function addSeeds(seeds) {
    checkRoom(seeds.length);
    await addKeys(await withLatents(seeds.map((seed) => ({ seed }))));
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
    const [images] = await Promise.all([pictures(state.model, added.map((key) => key.z)), refresh()]);
    images.forEach((image, i) => paint(added[i].canvas, image));
  }

  function checkRoom(more) {
    if (state.keys.length + more > MAX_KEYS) {
      throw new Error(`A walk has at most ${MAX_KEYS} key pictures: remove some first.`);
    }
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
    // The list was rebuilt: restore the focus.
    view.keys.children[index + by].querySelectorAll("button")[tool].focus();
  }

  const settings = () => ({ frames: view.frames.valueAsNumber, mode: view.mode.value, closed: view.closed.checked });
  const zs = () => state.keys.map((key) => key.z);

  // Only the answer to the newest request is shown.
  let turn = 0;
  async function refresh() {
    const mine = ++turn;
    showKeys();
    view.frames.min = Math.max(2, state.keys.length);
    try {
      const frames = await unpack(await walk(state.model, zs(), { ...settings(), format: "raw" }));
      if (mine !== turn) return;
      state.frames = frames;
      view.scrubber.max = frames.length - 1;
      exported.part()?.update();
      showFilm();
      show(Math.min(state.at, frames.length - 1));
    } catch (error) {
      if (mine === turn) failed(error);
    }
  }

  function show(index) {
    state.at = index;
    view.scrubber.value = index;
    view.text.textContent = `frame ${index + 1} of ${state.frames.length}`;
    view.scrubber.setAttribute("aria-valuetext", view.text.textContent);
    if (state.frames.length) paint(view.picture, state.frames[index]);
  }

  function showFilm() {
    const count = Math.min(FILM, state.frames.length);
    const picks = Array.from({ length: count }, (_, i) => Math.round((i * (state.frames.length - 1)) / (count - 1)));
    view.film.replaceChildren(...picks.map((index) => {
      const canvas = make("canvas");
      paint(canvas, state.frames[index]);
      return make("button", { "aria-label": `Go to frame ${index + 1}`, onclick: () => show(index) }, canvas);
    }));
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
    view.play.setAttribute("aria-pressed", on);
  }

  async function save(format, name) {
    const response = await walk(state.model, zs(), { ...settings(), format });
    saveAs(await response.blob(), name);
  }

  async function add() {
    const typed = view.seeds.value, seeds = readSeeds(typed);
    if (!seeds) return failed(new Error(SEEDS_RULE));
    try {
      await addSeeds(seeds);
      if (view.seeds.value === typed) view.seeds.value = "";
    } catch (error) {
      failed(error);
    }
  }

  const fit = () => state.info && fitWhole(view.picture, view.frame, state.info.size, MAX_PIXELS);
  new ResizeObserver(fit).observe(view.frame);

  async function takeKept() {
    try {
      for (let key = nextKept(); key; key = nextKept()) await keep(key);
    } catch (error) {
      failed(error);
    }
  }

  async function keep({ model: name, ...key }) {
    await keepAll(name, [key]);
  }

  async function keepAll(name, keys) {
    const alone = keys.length < 2;
    if (name !== state.model) {
      // All keys belong to one generator.
      Object.assign(state, { model: name, info: await model(name), keys: [] });
      fit();
      if (alone) await addSeeds(FIRST_SEEDS.slice(0, 1));
      trigger("moved", { name });
    } else if (!alone) state.keys = [];
    checkRoom(keys.length);
    await addKeys(keys);
  }

  // Another tab sends one key, {model, z, seed?, label}, or all: {model, keys}.
  async function take({ model: name, keys, ...key }) {
    const rounded = (keys ?? [key]).map((each) => (each.seed === undefined ? { ...each, z: roundZ(each.z) } : each));
    try {
      await ready;
      await keepAll(name, rounded);
    } catch (error) {
      failed(error);
    }
  }

  const now = () => ({ model: state.model, keys: state.keys, zs: zs(), settings: settings(), size: state.info.size });
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
  view.copy.onclick = async () => notify(await copyAddress(walkLink({ ...state, ...settings() })));
  // `known`: this module caused the change itself.
  watch("value", () => props.value.known || anew(open)(props.value.model));
  const linked = linkedWalk();
  const ready = (async () => {
    if (linked && (await openLinked(linked))) return;
    await open(props.value.model);
  })();
  receive("walk", anew(take));
}
