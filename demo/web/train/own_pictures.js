// The user's pictures in Train: dropped or chosen, with a preview of the network's input. Also a preview
// of a typed folder or Hub id.
import { make } from "../core/dom.js";
import { jobOfThisPage } from "../core/jobs.js";
import { toBytes } from "../core/latent_text.js";
import { turns } from "../core/latest_request.js";
import * as sheets from "../core/sample_sheets.js";
import * as uploads from "../uploads/upload.js";
import { build, FIRST, planOf } from "./own_pictures_view.js";
import { showReals } from "./reals.js";

const MAX_COUNT = 64; // squares that are shown
const counted = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)}`;

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, trigger, watch) {
  const state = { mode: null, source: "", files: [], id: null, how: { ...FIRST }, sheet: null };
  const looking = turns();
  let stopNow = () => {};
  const view = build(element.querySelector(".gs-yours"), { add, startOver, stop: () => stopNow(), choose });

  function update() {
    const { mode = null, source = "", how } = props.value || {};
    if (how) {
      Object.assign(state.how, how);
      view.background.value = state.how.background;
      mark();
    }
    const same = mode === state.mode && source === state.source;
    Object.assign(state, { mode, source });
    element.hidden = !mode;
    view.root.dataset.mode = mode || "";
    if (!same) lookAgain();
  }

  // Begin a slow operation: results of older ones become stale.
  function begin() {
    stopNow();
    const isNewest = looking();
    view.error.textContent = "";
    // A named source can be used before its preview is ready, uploaded files cannot.
    announce(state.mode === "named" ? { how: { ...state.how } } : null);
    return () => !isNewest();
  }

  async function add(finding) {
    const stale = begin();
    try {
      showStatus("Looking for files…");
      const found = await finding;
      if (stale()) return;
      await hand([...state.files, ...found], stale);
    } catch (error) {
      fail(error, stale);
    }
  }

  async function hand(files, stale) {
    const old = state.id;
    const upload = uploads.upload(files, (sent, total) => {
      if (!stale()) showStatus(`Uploading: ${megabytes(sent)} of ${megabytes(total)} MB`, sent / total);
    });
    stopNow = upload.stop;
    showStatus("Uploading…", 0);
    const id = await upload.id;
    if (old) uploads.remove(old);
    Object.assign(state, { id, files });
    if (stale()) return;
    await look(`own/${id}/pictures`, {}, stale);
  }

  async function lookAgain() {
    const stale = begin();
    clear();
    const named = state.mode === "named";
    if (!(named ? state.source : state.id)) return showStatus("");
    try {
      if (named) await look("data/look", { source: state.source }, stale);
      else await look(`own/${state.id}/pictures`, {}, stale);
    } catch (error) {
      fail(error, stale);
    }
  }

  async function look(path, request, stale) {
    showStatus("Reading…");
    const how = { ...state.how };
    const job = await jobOfThisPage(path, { ...request, ...how }, ({ state: at, place, latest }) => {
      if (stale()) return;
      if (at === "queued" && place) showStatus(`Waiting to be read: number ${place}`);
      else if (latest?.read) showStatus(`Reading: ${counted(latest.read, "picture", "pictures")} so far`);
    });
    stopNow = job.stop;
    const found = await job.result;
    if (stale()) return;
    stopNow = () => {};
    if (!found) return showStatus("Stopped.");
    await display(found, how);
    announce({ how, count: found.count });
  }

  async function display(found, how) {
    const bytes = toBytes(found.sheet);
    state.sheet = {
      image: await createImageBitmap(new Blob([bytes])),
      size: found.preview,
      side: how.size,
      count: found.count,
    };
    showStatus("");
    view.facts.replaceChildren(...facts(found));
    const left = Object.entries(found.reasons || {}), lines = found.left_out || [];
    const total = left.reduce((sum, [, count]) => sum + count, 0) || lines.length;
    view.left.hidden = !total;
    view.summary.textContent = `${counted(total, "file", "files")} left out, and why`;
    view.lines.replaceChildren(...lines.map(([name, reason]) => make("li", make("b", name), `: ${reason}`)));
    if (total > lines.length) {
      view.lines.append(
        make(
          "li",
          `and ${(total - lines.length).toLocaleString("en")} more: ${
            left.map(([why, count]) => `${count} × ${why}`).join("; ")
          }`,
        ),
      );
    }
    view.few.hidden = !found.few;
    view.found.hidden = false;
    paint();
    showReals({
      sheet: state.sheet.image,
      size: found.preview,
      data: state.mode === "named" ? state.source : `your pictures (${found.count.toLocaleString("en")})`,
    });
  }

  function facts({ count, duplicates, classes, notes = [], first }) {
    /** @type {(string | Node)[]} */
    const parts = [
      make(
        "strong",
        first ? `A sample of ${counted(count, "picture", "pictures")}` : counted(count, "picture", "pictures"),
      ),
    ];
    if (duplicates) parts.push(` · ${counted(duplicates, "equal one", "equal ones")} left out`);
    if (classes?.length) {
      parts.push(
        ` · ${classes.length} classes: ${classes.slice(0, 6).join(", ")}${classes.length > 6 ? "…" : ""}`,
      );
    }
    return [...parts, ...notes.flatMap((note) => [make("br"), make("span.gs-quiet", note)])];
  }

  function paint() {
    const room = view.root.clientWidth;
    if (!state.sheet || !room) return;
    const { image, size, side, count } = state.sheet, plan = planOf(room - 2, size, Math.min(count, MAX_COUNT));
    sheets.paintSheet(view.squares, image, size, plan, plan.columns, plan.rows);
    const shown = Math.min(count, plan.rows * plan.columns);
    view.squares.setAttribute(
      "aria-label",
      `A sample of ${shown} pictures as the network will see them, ${side}×${side}`,
    );
  }

  function choose(name, value) {
    state.how[name] = value;
    mark();
    lookAgain();
  }

  const mark = () =>
    view.choices.forEach(({ name, value, button }) => button.setAttribute("aria-pressed", state.how[name] === value));

  function clear() {
    state.sheet = null;
    view.found.hidden = true;
    showReals(null);
  }

  function startOver() {
    begin();
    if (state.id) uploads.remove(state.id);
    Object.assign(state, { id: null, files: [] });
    clear();
    showStatus("");
  }

  function fail(error, stale) {
    if (stale()) return;
    stopNow = () => {};
    showStatus(error.name === "AbortError" ? "Stopped." : "");
    if (error.name === "AbortError") return;
    clear();
    view.error.textContent = error.message;
  }

  function showStatus(words, share = null) {
    view.status.textContent = words;
    view.working.hidden = !words;
    view.bar.style.transform = `scaleX(${share ?? 0})`;
    view.progress.hidden = share === null;
    view.stop.hidden = !words || words === "Stopped.";
    view.over.hidden = !state.files.length || !view.stop.hidden;
  }

  // The data to train on (demo/tabs/train/own_pictures.py); null while nothing is ready.
  function announce(ready) {
    const { mode, source, id } = state;
    if (mode) trigger("chosen", ready ? { mode, source, id, ...ready } : { mode: null });
  }

  view.background.onchange = () => choose("background", view.background.value);
  mark();
  watch("value", update);
  update();
  new ResizeObserver(paint).observe(view.root);
}
