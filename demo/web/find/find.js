// Find: inversion of a target picture: the search for its z, shown live.
import { fieldsOf, keepState } from "../core/address.js";
import { latents, model, pictures, query } from "../core/api.js";
import { errorsIn, fitWhole, make, nameWith, paint } from "../core/dom.js";
import { job } from "../core/jobs.js";
import { turns } from "../core/latest_request.js";
import { modelMenu } from "../core/model_menu.js";
import { ofModel, words } from "../run/recorded.js";
import { effortOf, takeFiles } from "./inputs.js";
import { edgeLight, flatMse, imageOf, mseText, pngOf } from "./pixel_metrics.js";
import { resultActions } from "./result_actions.js";
import { resultsOf } from "./results.js";
import { DRAWN_DIGITS, drawnDigit } from "./sample_digits.js";
import { sketchPad } from "../sketch/sketch_pad.js";
import { build } from "./view.js";

const MAX_PIXELS = 256, MAX_SHEET = 320; // in CSS pixels
// Seeds among the samples. None is below 256: the search looks at those first (gan.latent.inversion.SEEDS).
const SAMPLE_SEEDS = Array.from({ length: 10 }, (_, i) => 1120 + i);
const RANDOM_MS = 700; // for which the random picture is shown
const LIGHT = 0.5; // mean brightness of a picture's edge, above which it is taken for paper

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, trigger, watch) {
  /** @type {HTMLElement} */
  const root = element.querySelector(".gs-find");
  const pad = sketchPad(drawingChanged);
  const view = build(root, pad);
  const state = {
    model: null,
    info: null,
    way: "draw",
    editing: true,
    contents: {},
    target: null,
    flat: 0,
    looks: [],
    at: -1,
    busy: false,
    work: null,
    recorded: false,
  };
  const results = resultsOf({ state, view });
  const numbers = effortOf(view);
  const failed = errorsIn(view.error);
  const grey = () => state.info.channels === 1;

  async function open(name, _request, isNewest) {
    const [info, recorded] = await Promise.all([model(name), ofModel("find", name)]);
    if (!isNewest()) return false;
    stop();
    leaveRecorded();
    Object.assign(state, { model: name, info });
    pad.open(grey());
    const drawn = grey() ? "a digit" : "a picture";
    view.drawNote.textContent = grey()
      ? "It is centred and scaled as MNIST's digits are."
      : "It is taken as it stands on the sheet.";
    view.padHint.textContent = `Draw ${drawn} here`;
    view.drawnSamples.hidden = view.onPaper.hidden = !grey();
    if (!grey() && view.light.value === "paper") view.light.value = "kept";
    results.forget(view.numbers.steps.valueAsNumber);
    edit();
    if (recorded && pad.empty()) showRecorded(recorded);
    kept.opened();
    kept.changed();
    showSamples().catch(failed);
    return true;
  }

  /** A search that was made beforehand. @param {any} made */
  function showRecorded({ lines, target, looks, recorded }) {
    state.way = "draw";
    pad.load(lines);
    showTarget(target);
    for (const look of looks) results.add({ ...target, ...look });
    results.showNewest();
    state.recorded = true;
    view.status.textContent = words(recorded, view.find.textContent);
    show();
  }

  // The sheet is empty for whoever draws himself.
  function leaveRecorded() {
    if (!state.recorded) return;
    state.recorded = false;
    pad.load([]);
  }

  // What was found belongs to a target that is no longer there.
  function forgetFound() {
    if (!state.busy) results.forget(view.numbers.steps.valueAsNumber);
  }

  function drawingChanged() {
    if (state.way === "draw") forgetFound();
    show();
  }

  // Choose the source of the target picture.
  function take(way) {
    leaveRecorded();
    if (way !== state.way) forgetFound();
    state.way = way;
    edit();
  }

  function edit() {
    state.editing = true;
    show();
  }

  function show() {
    showWays();
    const task = state.busy ? "Stop the search" : "Find the latent vector that makes this picture";
    view.find.textContent = state.busy ? "Stop" : "Find it";
    view.find.title = task;
    view.find.setAttribute("aria-label", nameWith(view.find.textContent, task));
    view.edit.textContent = state.recorded ? "Draw your own" : "Back to the drawing";
    view.find.disabled = !state.busy && (state.way === "draw" ? pad.empty() : !state.contents[state.way]);
    const some = state.looks.length > 0;
    view.foundNote.hidden = view.differenceNote.hidden = some;
    view.found.hidden = view.difference.hidden = !some;
    view.hold.disabled = !some;
    for (const button of view.resultButtons) button.disabled = !some || state.busy;
    fit();
    view.padHint.hidden = !pad.empty();
  }

  function showWays() {
    for (const [name, made] of Object.entries(view.ways)) {
      const chosen = name === state.way;
      made.setAttribute("aria-pressed", String(chosen));
      view.tools[name].hidden = !chosen || (name === "draw" && !state.editing);
      view.editing[name].hidden = !chosen || !state.editing;
    }
    view.target.hidden = state.editing;
    view.choose.hidden = !state.contents.picture;
    view.edit.hidden = state.way !== "draw" || state.editing;
  }

  function fit() {
    if (!state.info) return;
    const room = view.targetBox.clientWidth, { size } = state.info;
    if (!room) return;
    fitWhole(view.target, view.targetBox, size, Math.max(MAX_PIXELS, Math.min(room, MAX_SHEET)));
    fitWhole(view.found, view.foundBox, size, MAX_PIXELS);
    fitWhole(view.difference, view.differenceBox, size, MAX_PIXELS);
    pad.fit(Math.min(room - 2, MAX_SHEET));
  }
  new ResizeObserver(fit).observe(view.targetBox);

  async function showSamples() {
    if (grey()) view.samples.replaceChildren(...DRAWN_DIGITS.map(drawnSample));
    const { model: name, info } = state, drawn = await pictures(name, await latents(name, SAMPLE_SEEDS));
    if (info !== state.info) return;
    view.seeds.replaceChildren(
      ...drawn.map((image, i) =>
        sample(image, `The picture of seed ${SAMPLE_SEEDS[i]}`, async () => bring("sample", await pngOf(image)))
      ),
    );
  }

  function drawnSample(lines, digit) {
    return sample(drawnDigit(lines, state.info.size), `A drawn ${digit}`, () => {
      pad.load(lines);
      state.way = "draw";
      search();
    });
  }

  function sample(image, label, onclick) {
    const canvas = make("canvas");
    paint(canvas, image);
    return make("button", { hint: label, onclick }, canvas);
  }

  // Start the search for a sample or uploaded picture at once.
  function bring(way, content) {
    leaveRecorded();
    state.way = way;
    state.contents[way] = content;
    search();
  }

  function request() {
    const uploaded = state.way === "picture"; // only uploads can need cropping or inverting
    return {
      model: state.model,
      edges: uploaded ? view.edges.value : "crop",
      light: uploaded ? view.light.value : "kept",
      ...numbers.values(),
    };
  }

  // The target as a file; a drawing is shown at once as the search sees it.
  function content() {
    if (state.way !== "draw") return state.contents[state.way];
    const drawn = pad.picture(state.info.size);
    paint(view.target, drawn);
    state.editing = false;
    return pngOf(drawn);
  }

  const searching = turns();
  async function search() {
    stop();
    if (!numbers.valid()) return;
    state.recorded = false;
    results.forget(view.numbers.steps.valueAsNumber);
    const isNewest = searching();
    state.busy = true;
    view.paperHint.hidden = true;
    view.status.textContent = "Starting …";
    const target = content(), held = /** @type {HTMLElement} */ (document.activeElement);
    show();
    // What was pressed may be hidden now, such as a sample.
    if (root.contains(held) && !held.offsetParent) view.find.focus({ preventScroll: true });
    // On a phone the result lies below the target.
    view.foundBox.scrollIntoView({ block: "nearest", behavior: "smooth" });
    try {
      const body = await target;
      if (!isNewest()) return;
      state.work = job(`find?${query(request())}`, { method: "POST", body }, (news) => {
        if (isNewest()) follow(news);
      });
      await state.work.result;
      await randomSeen;
      if (isNewest()) end("Done.");
    } catch (error) {
      if (!isNewest()) return;
      state.editing = true; // back to editing the input
      end("");
      failed(error);
    }
  }

  // Late messages of a stopped search are ignored.
  function stop() {
    if (!state.busy) return;
    searching();
    state.work?.stop();
    end("Stopped: this is what was found so far.");
  }

  function end(words) {
    Object.assign(state, { busy: false, work: null });
    results.showNewest();
    view.status.textContent = state.looks.length || !words ? words : "Stopped.";
    show();
  }

  // The random picture stays in sight for a moment, however quick the search is.
  let randomUntil = 0, randomSeen = Promise.resolve();
  function follow({ state: stage, place, latest }) {
    if (stage === "queued") view.status.textContent = place ? `Waiting: number ${place} in the queue.` : "Starting …";
    if (!latest) return;
    if (!state.looks.length) showTarget(latest);
    if (latest.picture && results.add(latest) && performance.now() > randomUntil) results.showNewest();
  }

  function showTarget(latest) {
    state.target = imageOf(latest.given, latest);
    paint(view.target, state.target);
    state.editing = false;
    const onPaper = state.way === "picture" && grey() && view.light.value === "kept";
    view.paperHint.hidden = !onPaper || edgeLight(state.target) < LIGHT;
    state.flat = flatMse(state.target);
    results.addRandom(latest);
    randomUntil = performance.now() + RANDOM_MS;
    randomSeen = new Promise((done) => setTimeout(done, RANDOM_MS));
    view.yardstick.textContent = `A flat square of this picture's mean colour would have ${mseText(state.flat)}: ` +
      "what is not well below that shows little of the picture.";
    show();
  }

  takeFiles(root, view, (file) => bring("picture", file), failed);
  view.paper.onclick = () => {
    view.light.value = "paper";
    search();
  };
  view.edges.onchange = view.light.onchange = () => {
    if (state.contents.picture) search();
  };
  for (const [way, made] of Object.entries(view.ways)) made.onclick = () => take(way);
  view.find.onclick = () => (state.busy ? stop() : search());
  view.edit.onclick = () => take("draw");
  view.target.onclick = () => state.recorded && take("draw");
  resultActions(
    view,
    () =>
      state.looks.length
        ? { ...state.looks[state.at], model: state.model, weights: state.info.weights, target: state.target }
        : null,
  );

  const menu = modelMenu({ element, props, trigger, watch, open, shown: () => state.model });
  /** @returns {Record<string, any>} */
  const fields = () => (state.model ? { model: state.model } : {});
  const openLinked = (linked) => void menu.openLinked(linked.get("model"), {}, failed);
  const kept = keepState("find", fields, openLinked);
  openLinked(fieldsOf("find"));
}
