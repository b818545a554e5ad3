// Train: the live view of one run. Each payload is complete, so only the newest counts.
import { copyAddress, fieldsOf, keepState, linkOf } from "../core/address.js";
import { url } from "../core/api.js";
import { spanOf } from "../core/chart_scales.js";
import { enlarged, folded, make, notifier, savePng } from "../core/dom.js";
import { onPixels } from "../core/enlarge.js";
import { stage } from "../core/latest_request.js";
import { tenths, whole } from "../core/numbers.js";
import { receive, sendTo } from "../core/page.js";
import * as sheets from "../core/sample_sheets.js";
import { timeline } from "../core/timeline.js";
import { keepFocus } from "../core/keep_focus.js";
import * as recorded from "../run/recorded.js";
import * as runCharts from "../run/run_charts.js";
import * as status from "../run/run_status.js";
import * as seenRuns from "../run/seen_runs.js";
import { onReals } from "./reals.js";
import { build, planOf } from "./view.js";

const COLUMNS = "step seconds progress images_per_second d_loss g_loss d_real d_fake distance".split(" ");
const EMPTY = Object.fromEntries(COLUMNS.map((name) => [name, []]));
const SUGGESTED_SIZE = 64;
const ACROSS = 8; // pictures in a row of a sheet of fakes, and of the data before a run
const SAVED_SCALE = 2;

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, trigger, watch) {
  let payload = { state: "idle", points: EMPTY }, shown = null, reals = null, plan = null;
  let held = null, pointed = null, announced = "", alerted = "", updated = 0;
  const store = sheets.store(showNearest), noise = sheets.noise(), blank = make("canvas", { width: 1, height: 1 });
  const key = () => recorded.keyOf(payload);
  const framePath = (index) => `${recorded.framesOf(payload)}/${payload.points.step[index]}`;
  const history = timeline({ show: showMoment, prefetch: (places) => store.prefetch(places.map(framePath)) });
  const actions = { pick: history.pick, hover: point };
  const charts = {
    losses: runCharts.losses(actions),
    beliefs: runCharts.beliefs(actions),
    distance: runCharts.distance(actions),
  };
  const view = build(element.querySelector(".gs-train"), history, charts, {
    save,
    explore: () => takeTo("explore"),
    inside: () => takeTo("inside"),
    copy,
    pick,
  });
  const notify = notifier(view.notice);
  const exported = folded(
    "gs-take",
    "Export",
    async () => (await import("../export/export_panel.js")).ofRun(() => payload.id, () => payload.has_weights),
  );
  view.live.append(exported.element);

  const screen = stage((frame) => {
    shown?.sheet.close();
    shown = frame;
    paintFakes();
  });
  let askFrame = sheets.newestSheet(store, offer);
  const askReals = sheets.newestSheet(store, (sheet) => {
    reals = sheet;
    paintReals();
  });

  const kept = keepState("train", () => /** @type {Record<string, any>} */ (payload.id ? { run: payload.id } : {}));

  async function update() {
    const given = { state: "idle", points: EMPTY, ...props.value };
    show(given);
    // The run of a link is on its way.
    if (fieldsOf("train").get("run") && !updated++) return;
    if (!given.recording) return;
    const run = await recorded.load(given.recording) ?? { recording: null };
    // A live run, or the choice of other data, takes its place however late it comes.
    if (payload === given) show({ ...given, ...run });
  }

  function show(/** @type {any} */ next) {
    const before = payload, isOther = recorded.keyOf(next) !== key();
    payload = next;
    if (isOther) {
      shown?.sheet.close();
      shown = null;
      // Frames that were asked for and shown when this run was last here are asked for and shown again.
      askFrame = sheets.newestSheet(store, offer);
      screen.aim(key(), 0);
    }
    showWords();
    findReals();
    // A reload shows this run again.
    if (payload.id && payload.id !== before.id) {
      kept.changed();
      seenRuns.add(payload.id);
      exported.part()?.update();
      comeIntoView();
    }
    if (isOther || payload.preview !== before.preview || payload.data !== before.data) layOut();
    updateCharts();
    history.update(payload.points, key());
  }

  // A run may be started from a button far below its pictures.
  function comeIntoView() {
    const { top } = element.getBoundingClientRect();
    if (top < 0 || top > window.innerHeight / 2) element.scrollIntoView();
  }

  function showMoment(index, isHeld) {
    held = isHeld ? index : null;
    moveCursor();
    showExplore();
    // While another tab is open, nothing is fetched; the newest frame is on return.
    if (!view.live.clientWidth) return;
    screen.aim(key(), payload.points.step[index]);
    if (!store.has(framePath(index))) showNearest();
    askFrame(frameAt(index));
  }

  // Only the last model is kept, whatever moment the history shows.
  function showExplore() {
    const { step } = payload.points, early = held !== null && held < step.length - 1;
    view.explore.textContent = early ? `Explore the last model, of step ${whole(step.at(-1))}` : "Explore this model";
  }

  // The picture of this seed, counted as the pictures are laid out: from the left, then down.
  function pick(event) {
    if (!shown && !payload.recording) notify("This is noise: wait for the first pictures of a run.");
    if (!shown || !plan) return;
    const { columns, cell, gap, ratio } = plan.fakes, step = (cell + gap) / ratio;
    const column = Math.floor(event.offsetX / step), seed = Math.floor(event.offsetY / step) * columns + column;
    if (column >= columns || seed >= columns * columns) return;
    if (payload.has_weights) takeTo("explore", { seed });
    else if (payload.recorded) notify(`This is seed ${seed} of a recorded run: press Train for a model to explore.`);
    else notify(`This is seed ${seed}. Its model can be explored when the run has ended.`);
  }

  function frameAt(index) {
    const { step, seconds } = payload.points;
    return { path: framePath(index), step: step[index], seconds: seconds[index], of: key(), turn: screen.turn() };
  }

  function offer(frame) {
    if (frame.of !== key() || !screen.offer(frame, frame.turn, frame.step)) frame.sheet.close();
  }

  // Until the requested frame arrives, show the nearest loaded one.
  async function showNearest() {
    const { step } = payload.points, { goal, key: aimed } = screen.turn();
    if (aimed !== key()) return;
    const gap = (index) => Math.abs(step[index] - goal);
    const here = [...step.keys()].filter((index) => store.has(framePath(index)));
    if (!here.length) return;
    const frame = frameAt(here.reduce((best, index) => (gap(index) < gap(best) ? index : best)));
    if (screen.wants(frame.turn, frame.step)) offer({ ...frame, sheet: await store.open(frame.path) });
  }

  function point(index) {
    pointed = index;
    moveCursor();
  }

  function moveCursor() {
    for (const one of Object.values(charts)) one.cursor(pointed ?? held);
  }

  // Pictures previewed in the form, shown until the run has some.
  let looked = null;
  onReals((reals) => {
    looked = reals;
    findReals();
  });

  function findReals() {
    const { id, data, has_real: ready, preview: size, real_path: path } = payload;
    if (looked && !ready && (!id || data === looked.data)) {
      reals = looked;
      view.source.textContent = looked.data;
      paintReals();
    } else if (path) askReals({ path, data, size: ready ? size : null });
    else if (reals && reals.data !== data) {
      reals = null;
      paintReals();
    }
  }

  function showWords() {
    const { state, message, points, has_weights: ended } = payload;
    const last = points.step.length - 1, progress = points.progress[last] || 0;
    view.status.textContent = status.statusOf(payload, last);
    view.pace.textContent = status.paceOf(payload, last);
    view.facts.textContent = last < 0 ? "nothing learned yet" : status.factsOf(payload);
    view.hint.textContent = message ? "" : status.HINTS[state];
    view.watching.hidden = payload.owned !== false;
    // Set only when it changes: screen readers read an alert each time.
    if (alerted !== (message || "")) view.alert.textContent = alerted = message || "";
    view.source.textContent = payload.data || "";
    view.notes.textContent = (payload.notes || []).join(" ");
    view.bar.style.transform = `scaleX(${progress})`;
    view.progress.setAttribute("aria-valuenow", Math.round(progress * 100));
    view.save.disabled = view.link.disabled = !payload.id || last < 0;
    view.explore.hidden = view.inside.hidden = view.weights.hidden = !ended;
    exported.element.hidden = !payload.id || last < 0;
    exported.part()?.showTools();
    if (ended) view.weights.href = url(`runs/${payload.id}/weights.zip`);
    announce(state, progress);
  }

  // Announced to screen readers at changes of state and at each quarter.
  function announce(state, progress) {
    const quarter = state === "running" ? Math.floor(progress * 4) : 0;
    const news = [payload.id, state, payload.place, quarter].join();
    if (news === announced) return;
    announced = news;
    view.spoken.textContent = (quarter ? `${quarter * 25} percent. ` : "") + view.status.textContent;
  }

  function updateCharts() {
    const { points: columns, budget, floor, metric, state, start } = payload;
    const span = spanOf(columns.seconds.at(-1), budget?.seconds, status.isActive(state));
    charts.losses.update({ columns, span, caption: start });
    charts.beliefs.update({ columns, span, caption: start });
    const caption = [metric, start].filter(Boolean).join(" · ");
    charts.distance.update({ columns, span, reference: runCharts.ruleAt(floor), caption });
  }

  function layOut() {
    const width = view.live.clientWidth;
    if (width) {
      plan = planOf(width, payload.preview || SUGGESTED_SIZE);
      view.live.dataset.layout = plan.layout;
    }
    paintFakes();
    paintReals();
  }

  function paintFakes() {
    if (!plan) return;
    const side = plan.fakes.columns, unchosen = payload.state === "idle" && !payload.data;
    view.fakes.hidden = unchosen;
    view.empty.hidden = !unchosen;
    if (unchosen) {
      view.empty.style.width = view.empty.style.height = `${sheets.span(plan.fakes, side) / plan.fakes.ratio}px`;
      return;
    }
    // A recording comes within a moment: no noise before it.
    const [ground, before] = payload.recording ? [blank, "on their way"] : [noise, "before training: noise"];
    const [sheet, size] = shown ? [shown.sheet, shown.sheet.width / ACROSS] : [ground, sheets.NOISE_SIDE];
    sheets.paintSheet(view.fakes, sheet, size, plan.fakes, side, side);
    const when = shown ? `at step ${shown.step}, after ${tenths(shown.seconds)} seconds` : before;
    view.fakes.setAttribute("aria-label", `${side * side} fakes, drawn by the generator from fixed seeds, ${when}`);
  }

  function paintReals() {
    if (!plan) return;
    const sheet = reals ? reals.sheet : blank;
    const size = reals ? reals.size || sheet.width / ACROSS : 1;
    sheets.paintSheet(view.reals, sheet, size, plan.fakes, plan.realColumns, plan.realRows);
    view.reals.setAttribute("aria-label", reals ? `Real pictures: ${reals.data}` : "No real pictures yet");
  }

  async function save() {
    const { path, step, id } = shown;
    const sheet = await store.open(path);
    savePng(enlarged(sheet, SAVED_SCALE * sheet.width), `ganscope-${id}-step-${step}.png`);
  }

  function takeTo(tab, more = {}) {
    sendTo(tab, { model: `run:${payload.id}`, ...more });
    window.scrollTo(0, 0);
  }

  // Everyone with the link can watch this run; only its owner can stop it.
  async function copy() {
    notify(await copyAddress(linkOf({ run: payload.id })));
  }

  keepFocus(element.closest(".gs-train-row").querySelector(".gs-train-buttons"));
  watch("value", update);
  onPixels(layOut);
  receive("train", ({ run }) => trigger("pinned", { run })); // what the teacher of a class shows
  update();
  new ResizeObserver(() => {
    layOut();
    history.update(payload.points, key());
  }).observe(view.live);
}
