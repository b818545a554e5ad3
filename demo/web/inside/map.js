// Inside's map: what the generator draws of a thousand seeds and more, like beside like.
import { MAX_KEYS } from "../core/constants.js";
import { make } from "../core/dom.js";
import { turns } from "../core/latest_request.js";
import { whole } from "../core/numbers.js";
import { sendTo } from "../core/page.js";
import { earlierMap } from "./earlier_map.js";
import { mapCanvas } from "./map_canvas.js";
import { requestMap } from "./map_request.js";

const LEAST_KEYS = 2;

/** @typedef {import("./map_canvas.js").Place & {step: number}} LinkedMap `step`: of the map beside it, 0 for none */

/** @param {object} options
 * @param {() => {model: string | null, info: any, seed: number, label: string | null}} options.now what Inside shows
 * @param {(seed: number) => void} options.choose show the picture of a seed
 * @param {() => void} options.changed another place of it is shown
 * @param {boolean} options.reals whether real pictures are on it at first
 * @param {LinkedMap | undefined} options.linked what of it a link shows */
export function mapOf({ now, choose, changed, reals: withReals, linked }) {
  const map = mapCanvas({ choose: chosen, drawn: showPath, pointed, moved: changed, most: MAX_KEYS });
  const tool = (text, hint, onclick) => make("button", { hint, onclick }, text);
  const reals = make("input", { type: "checkbox", checked: withReals, onchange: () => map.showReals(reals.checked) });
  const real = make("label.gs-check", reals, "Real pictures");
  const drawing = tool(
    "Draw a path",
    "Draw a line over the map: Walk plays it",
    () => draw(drawing.ariaPressed !== "true"),
  );
  const walk = tool("Walk it", "Play the path in Walk", () => {
    sendTo("walk", { model: now().model, keys: path.map((seed) => ({ seed })) });
  });
  const status = make("p.gs-quiet.gs-hint", { role: "status" }), error = make("p.gs-error", { role: "alert" });
  const hint = make("p.gs-quiet.gs-hint"), latest = make("h4", { hidden: true }, "Now");
  const earlier = earlierMap({
    choose,
    opened() {
      latest.hidden = !earlier.shown();
      maps.classList.toggle("gs-map-pair", earlier.shown());
      changed();
    },
  });
  const maps = make("div", earlier.figure, make("figure.gs-map-figure", latest, map.element));
  const content = make(
    "div",
    { hidden: true },
    make(
      "div.gs-row",
      tool("+", "Enlarge the map", map.nearer),
      tool("−", "Make the map smaller", map.farther),
      tool("Whole map", "Show the whole map", map.showWhole),
      drawing,
      walk,
      real,
      earlier.chooser,
    ),
    ...earlier.words,
    maps,
    hint,
  );
  const begun = turns();
  /** @type {import("./map_tiles.js").LatentMap | null} */
  let shown = null;
  let opened = "", path = [], leave = () => {};

  // A run that trains on keeps its name, and has other weights.
  const keyOf = ({ model, info }) => `${model} ${info.weights}`;
  const isCurrent = () => keyOf(now()) === opened;

  function draw(on) {
    drawing.ariaPressed = String(on);
    path = [];
    map.drawPaths(on);
    showPath(path);
    if (on) status.textContent = "Draw a line over the map.";
  }

  function showPath(seeds) {
    path = [...seeds];
    walk.hidden = path.length < LEAST_KEYS;
    status.textContent = path.length ? `A path through ${path.length} pictures.` : "";
  }

  function chosen(index) {
    if (index < shown.fakes) return choose(index);
    status.textContent = "A real picture: no seed draws it.";
  }

  function pointed(index) {
    if (path.length) return;
    if (index < 0) status.textContent = "No picture in the middle.";
    else status.textContent = index < shown.fakes ? `Seed ${index} in the middle` : "A real picture in the middle";
  }

  function mark() {
    const { seed, label } = now();
    if (!shown) return;
    const place = label === null && seed < shown.fakes ? seed : -1;
    map.mark(place);
    earlier.mark(place);
    if (drawing.ariaPressed !== "true") status.textContent = "";
  }

  // Once for a model; what another asked for meanwhile is not shown.
  async function load() {
    const { model } = now(), isNewest = begun();
    opened = keyOf(now());
    shown = null;
    leave();
    content.hidden = true;
    error.textContent = "";
    status.textContent = "Opening the map …";
    try {
      const asked = requestMap(model, (words) => isNewest() && status.replaceChildren(...words));
      leave = asked.leave;
      const { map: found, sheet } = await asked.result;
      if (isNewest()) showMap(found, sheet);
    } catch (failure) {
      if (!isNewest()) return;
      opened = "";
      status.textContent = "";
      error.textContent = failure.message;
    }
  }

  function showMap(found, sheet) {
    shown = found;
    content.hidden = false;
    real.hidden = shown.x.length === shown.fakes;
    const seeds = `The pictures of seeds 0 to ${whole(shown.fakes - 1)}.`;
    hint.replaceChildren(
      make("span", seeds),
      " ",
      make("span", "Those that look alike lie together; how far apart groups are means nothing (t-SNE)."),
      " ",
      make("span", "Press one to see it. Press the map, then turn the wheel to enlarge it."),
      ...(real.hidden ? [] : [" ", make("span", "In green: real pictures in squares where it draws nothing.")]),
    );
    draw(false);
    map.open(shown, sheet);
    showLinked();
    map.showReals(reals.checked);
    mark();
  }

  // What a link shows of a map that is open, else the whole and nothing beside it.
  function showLinked() {
    earlier.open(now().model, now().info.kept_steps, linked?.step ?? 0);
    map.show(linked);
    linked = undefined;
  }

  return {
    children: [status, error, content],
    /** Called whenever the part is unfolded. */
    show() {
      if (now().info) isCurrent() ? mark() : load();
    },
    mark,
    /** What of it is shown; undefined before it is there. @returns {LinkedMap | undefined} */
    now: () => shown ? { ...map.place(), step: earlier.step() } : undefined,
    /** Show what a link shows. @param {LinkedMap} wanted */
    restore(wanted) {
      linked = wanted;
      if (shown && isCurrent()) showLinked();
      else load();
    },
    showReals() {
      reals.checked = true;
      map.showReals(true);
    },
    /** Another model was opened. @param {boolean} open whether the part is unfolded */
    forget(open) {
      if (open && !isCurrent()) load();
    },
  };
}
