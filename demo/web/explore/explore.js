// Explore: a seed, a truncation and a few directions become one latent vector; the picture follows.
// All state lives here and in the address of a copied link; the server only turns z into pixels.
import { copyAddress, linkOf } from "../core/address.js";
import { latents } from "../core/api.js";
import {
  enlarged,
  errorsIn,
  fillFromMiddle,
  folded,
  keepInSight,
  lazy,
  notifier,
  onSeed,
  savePng,
} from "../core/dom.js";
import { roundZ, unpackZ } from "../core/latent_text.js";
import { turns } from "../core/latest_request.js";
import { fileName, signed } from "../core/numbers.js";
import { keepForWalk, sendTo } from "../core/page.js";
import { directionSets } from "./direction_sets.js";
import { FIRST_SEED, loadOnce, wanted } from "./first_load.js";
import { pictureOf } from "./picture.js";
import { build, factsOf, lateChoice, STOPS } from "./view.js";

const MAX_PIXELS = 512;

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, trigger, watch) {
  // `zName` names the latent vector in `z` if it is not that of `seed`; else null.
  const state = {
    model: null,
    info: null,
    seed: FIRST_SEED,
    wanted: FIRST_SEED,
    zName: null,
    truncation: 1,
    set: null,
    moves: {},
    edits: {},
    z: null,
    zs: new Map(),
  };
  const view = build(element.querySelector(".gs-explore")), choice = lateChoice(view.classes, classChosen);
  const failed = errorsIn(view.error);
  // Messages that stay when the next picture is shown.
  /** @type {string[]} */
  let notices = [];
  // After a set or a model that failed another one is shown and its picture drawn.
  function failedToStay(error) {
    notices.push(error.message);
    failed(error);
  }
  const startName = () => [state.zName ?? `seed ${state.seed}`, choice.name()].filter(Boolean).join(", ");

  // The latent vector of the state, or of one that differs from it in `changes`.
  const compose = (changes = {}) => choice.keep(moved(changes));
  function moved(changes) {
    const { z: start, truncation, moves, edits, info } = { ...state, ...changes };
    const z = choice.put(start).map((value) => value * truncation);
    sets.add(z, moves, info);
    for (const [i, value] of Object.entries(edits)) z[i] = value;
    return z;
  }
  // Two states of a slider are on one line if these are equal: before the class is kept, which bends it.
  const identify = (changes) => choice.index === null ? moved(changes) : [...moved(changes), choice.index];

  const picture = pictureOf({
    state,
    view,
    compose,
    identify,
    settle: settled,
    failed,
    describe: () => `Picture of ${state.model}, ${[startName(), classShown()].filter(Boolean).join(", ")}`,
    shown() {
      choice.mark(compose);
      view.error.textContent = notices.join(" ");
      notices = [];
      if (!shownBefore) loadPreviews().catch(failed);
      shownBefore = true;
    },
  });
  // Not needed for the first picture: loaded after it, or when it is opened.
  let previews = null, shownBefore = false;
  async function loadPreviews() {
    const { previewsOf } = await lazy(() => import("./previews.js"));
    previews = previewsOf({ state, view, choice, compose, zsOf, goTo, failed });
    previews.settle(0);
  }
  const numbers = folded(
    "gs-numbers",
    "All latent numbers",
    async () =>
      (await import("./latent_numbers.js")).latentNumbers({ state, summary: numbers.summary, compose, picture }),
  );
  const exported = folded(
    "gs-take",
    "Export",
    async () => (await import("../export/export_panel.js")).ofPicture(now, save),
  );
  view.right.append(numbers.element, exported.element);

  const sets = directionSets({
    state,
    view,
    failed: failedToStay,
    complete({ problems = [], check }) {
      notices = [...problems, ...(check?.(state.info) ?? [])];
    },
    changed() {
      picture.refresh();
      settled(0);
    },
  });

  // The picture for the export panel: by its seed and the moves by name, unless it began at a latent vector.
  function now() {
    const { model, truncation, info, zName, seed, edits } = state;
    const begun = { seed: zName == null ? seed : null, moves: sets.named(state.moves), numbers: edits };
    return { model, truncation, ...begun, class_name: choice.text() ?? "", z: compose(), size: info.size };
  }

  const classShown = () => (choice.index === null ? choice.nameOf(compose) : "");
  function classChosen() {
    view.error.textContent = "";
    picture.refresh();
    settled();
  }

  function settle(delay) {
    previews?.settle(delay);
    exported.part()?.update();
    numbers.part()?.show();
  }

  // After a change by the user. Not when a slider is dragged: it is let go some time.
  function settled(/** @type {number | undefined} */ delay = undefined) {
    settle(delay);
    untouched = false;
    kept?.changed();
  }

  // Seeds' latents are cached, so that a step to a neighbour requests its picture only.
  async function zsOf(seeds) {
    const missing = seeds.filter((seed) => !state.zs.has(seed)), { zs } = state;
    if (missing.length) (await latents(state.model, missing)).forEach((z, i) => zs.set(missing[i], z));
    return seeds.map((seed) => zs.get(seed));
  }

  // Steps count from the last requested seed, so that quick presses all count.
  const going = turns();
  async function goTo(seed) {
    const isNewest = going(), { info } = state;
    view.seedError.say("");
    view.error.textContent = "";
    state.wanted = seed;
    try {
      const [z] = await zsOf([seed]);
      if (!isNewest() || info !== state.info) return;
      Object.assign(state, { seed, z, zName: null, edits: {} });
      showControls();
      picture.refresh();
      settled();
    } catch (error) {
      if (isNewest()) failed(error);
    }
  }

  async function open(name, /** @type {any} */ request, isNewest) {
    const seed = request.seed ?? state.seed, { wanted: before } = state;
    const { info, z } = await loadOnce(name, seed);
    await choice.ready(info, request);
    if (!isNewest()) return false;
    const later = request.seed === undefined && state.wanted !== before ? state.wanted : seed;
    const edits = Object.fromEntries(Object.entries(request.edits ?? {}).filter(([i]) => Number(i) < info.z_dim));
    Object.assign(state, { model: name, info, seed, wanted: seed, z, zs: new Map([[seed, z]]), edits });
    notices = [...(request.problems ?? []), ...choice.open(info, request.class)];
    sets.open({ ...request, problems: notices });
    begin(request);
    state.truncation = request.truncation ?? state.truncation;
    view.facts.textContent = factsOf(info);
    view.seedError.say("");
    fit();
    showControls();
    picture.refresh();
    settle(0);
    if (!request.problems) kept?.changed(); // a link stays as it is until something changes
    if (later !== seed) goTo(later); // asked for while this model was loaded
    return true;
  }

  // Use a latent vector from another tab or a link, if it fits, instead of the seed's.
  function begin({ z, at, label }) {
    state.zName = null;
    const start = z ? roundZ(z) : unpackZ(at, state.info.z_dim);
    if (start?.length === state.info.z_dim) Object.assign(state, { z: start, zName: label || "a latent vector" });
  }

  const fit = keepInSight(view.picture, view.frame, () => state.info?.size, MAX_PIXELS, 0.38);

  function showControls() {
    view.seed.value = state.zName ? "" : state.seed;
    view.origin.textContent = state.zName ? `Begins at ${state.zName}. A seed leads away from it.` : view.ORIGIN;
    view.truncation.value = state.truncation;
    view.truncationText.textContent = state.truncation.toFixed(2);
    sets.show();
  }

  const notify = notifier(view.notice);

  const edited = () => state.truncation !== 1 || sets.moved(state.moves) || Object.keys(state.edits).length > 0;
  // Whether the picture is the seed's.
  const plain = () => !state.zName && choice.index === null && !edited();

  function keep() {
    const { model, seed } = state;
    const z = compose();
    keepForWalk({ model, label: startName(), ...(plain() ? { seed, z } : { z: roundZ(z) }) });
    notify("Kept as a key picture for Walk.");
  }

  // An unedited seed is sent as a seed, for a shorter recipe.
  function breed() {
    const { model, seed } = state;
    const label = edited() ? `${startName()}, edited` : startName();
    const start = plain() ? { seed } : { z: compose(), label };
    sendTo("breed", { model, class: choice.text(), ...start });
  }

  function lookInside() {
    const { model, seed } = state;
    const label = edited() ? `${startName()}, edited` : startName();
    sendTo("inside", { model, ...(plain() ? { seed } : { z: compose(), label }) });
  }

  function save() {
    savePng(enlarged(view.picture, MAX_PIXELS), `${fileName(`${state.model}-${startName()}`)}.png`);
  }

  function reset() {
    Object.assign(state, { truncation: 1, moves: {}, edits: {} });
    showControls();
    picture.refresh();
    settled();
  }

  function lock() {
    const locked = view.lock.getAttribute("aria-pressed") !== "true";
    view.lock.setAttribute("aria-pressed", locked);
    for (const control of [view.seed, view.before, view.after, view.dice, ...view.neighbours.children]) {
      control.disabled = locked;
    }
  }

  const truncation = picture.axisOf(view.truncation, (value) => ({ truncation: value }));
  view.truncation.oninput = () => {
    state.truncation = truncation.value(truncation.place());
    view.truncationText.textContent = state.truncation.toFixed(2);
    picture.follow(truncation);
  };
  view.truncation.onchange = picture.letGo;

  view.directions.forEach((direction, k) => {
    const { slider, strip, text } = direction;
    direction.axis = picture.axisOf(slider, (value) => sets.put(k, value), () => previews?.paintStrip(direction));
    slider.oninput = () => {
      Object.assign(state, sets.put(k, direction.axis.value(direction.axis.place())));
      text.textContent = signed(sets.amount(k));
      fillFromMiddle(slider);
      picture.follow(direction.axis);
    };
    slider.onchange = picture.letGo;
    // A press on a small preview goes where it shows.
    strip.onclick = (event) => {
      const at = Math.floor((event.offsetX / strip.clientWidth) * STOPS.length);
      slider.value = STOPS[Math.min(Math.max(at, 0), STOPS.length - 1)];
      slider.oninput();
      picture.letGo();
    };
  });

  onSeed(view, () => state.wanted, goTo);
  view.lock.onclick = lock;
  view.keep.onclick = keep;
  view.breed.onclick = breed;
  view.inside.onclick = lookInside;
  view.save.onclick = save;
  view.copy.onclick = async () => {
    const { fieldsFrom } = await lazy(() => import("./link.js"));
    notify(await copyAddress(linkOf(fieldsFrom(state, choice.text()))));
  };
  view.reset.onclick = reset;
  view.judge.onclick = () => sendTo("report", { model: state.model });

  // Not needed for the first picture: the model menu, what other tabs send, and the address.
  let kept = null, untouched = true;
  const first = props.value;
  async function connect() {
    const { openingsOf } = await lazy(() => import("./openings.js"));
    kept = openingsOf({ element, props, trigger, watch, state, choice, open, first, failed, failedToStay });
    if (!state.info) kept.openLinked(wanted); // it failed: another try, or the first model
    else if (untouched) kept.opened();
    else kept.changed();
  }
  open(wanted.model ?? first.model, wanted, () => true).catch(failed).then(connect).catch(failed);
}
