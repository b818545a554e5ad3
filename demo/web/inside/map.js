// Inside's map: what the generator draws of a thousand seeds and more, like beside like.
import { fetchRoute, query } from "../core/api.js";
import { MAX_KEYS } from "../core/constants.js";
import { make } from "../core/dom.js";
import { job } from "../core/jobs.js";
import { turns } from "../core/latest_request.js";
import { whole } from "../core/numbers.js";
import { sendTo } from "../core/page.js";
import { mapCanvas } from "./map_canvas.js";

const LEAST_KEYS = 2;

/** @param {object} options
 * @param {() => {model: string | null, seed: number, label: string | null}} options.now what Inside shows
 * @param {(seed: number) => void} options.choose show the picture of a seed */
export function mapOf({ now, choose }) {
  const map = mapCanvas({ choose: chosen, drawn: showPath, most: MAX_KEYS });
  const tool = (text, hint, onclick) => make("button", { hint, onclick }, text);
  const reals = make("input", { type: "checkbox", onchange: () => map.showReals(reals.checked) });
  const real = make("label.gs-check", reals, "Real pictures");
  const drawing = tool(
    "Draw a path",
    "Draw a line over the map: Walk plays it",
    () => draw(drawing.ariaPressed !== "true"),
  );
  const walk = tool("Walk it", "Play the path in Walk", () => {
    sendTo("walk", { model: opened, keys: path.map((seed) => ({ seed })) });
  });
  const status = make("p.gs-quiet.gs-hint", { role: "status" }), error = make("p.gs-error", { role: "alert" });
  const hint = make("p.gs-quiet.gs-hint");
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
    ),
    map.element,
    hint,
  );
  const begun = turns();
  let opened = null, content_of = null, path = [];

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
    if (index < content_of.fakes) return choose(index);
    status.textContent = "A real picture: no seed draws it.";
  }

  function mark() {
    const { model, seed, label } = now();
    if (!content_of || model !== opened) return;
    map.mark(label === null && seed < content_of.fakes ? seed : -1);
    if (drawing.ariaPressed !== "true") status.textContent = "";
  }

  // Once for a model; what another asked for meanwhile is not shown.
  async function load() {
    const { model } = now(), isNewest = begun();
    opened = model;
    content.hidden = true;
    error.textContent = "";
    status.textContent = "Opening the map …";
    try {
      const making = job(`inside/map?${query({ model })}`, { method: "POST" }, ({ latest, place }) => {
        if (!isNewest()) return;
        if (latest?.doing) status.replaceChildren(make("span", latest.doing), ` · ${Math.round(100 * latest.part)} %`);
        else if (place) status.textContent = "Waiting for others …";
      });
      const result = await making.result;
      if (!isNewest()) return;
      if (!result) throw new Error("The map was not finished: open it again.");
      const sheet = await createImageBitmap(await (await fetchRoute(making.file("map.webp"))).blob());
      if (isNewest()) show(result.map, sheet);
    } catch (failure) {
      if (!isNewest()) return;
      opened = null;
      status.textContent = "";
      error.textContent = failure.message;
    }
  }

  function show(made, sheet) {
    content_of = made;
    content.hidden = false;
    real.hidden = made.x.length === made.fakes;
    const seeds = `The pictures of seeds 0 to ${whole(made.fakes - 1)}.`;
    hint.replaceChildren(
      make("span", seeds),
      " ",
      make("span", "Those that look alike lie together; how far apart groups are means nothing (t-SNE)."),
      " ",
      make("span", "Press one to see it. Press the map, then turn the wheel to enlarge it."),
      ...(real.hidden ? [] : [" ", make("span", "In green: real pictures where the generator draws nothing.")]),
    );
    draw(false);
    map.open(made, sheet);
    map.showReals(reals.checked);
    mark();
  }

  return {
    children: [status, error, content],
    /** Called whenever the part is unfolded. */
    show: () => now().model === opened ? mark() : load(),
    mark,
    /** Another model was opened. @param {boolean} open whether the part is unfolded */
    forget(open) {
      if (open && now().model !== opened) load();
    },
  };
}
