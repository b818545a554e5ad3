// Compare: one side with its texts, pictures and charts.
import { spanOf } from "../core/chart_scales.js";
import { make } from "../core/dom.js";
import { number } from "../core/numbers.js";
import * as sheets from "../core/sample_sheets.js";
import { framesOf, keyOf } from "../run/recorded.js";
import * as runCharts from "../run/run_charts.js";
import * as status from "../run/run_status.js";

const MAX_LISTED = 4; // differences shown unfolded
const NOTHING = { step: [], seconds: [], distance: [] };
const ACROSS = 8; // pictures in a row of a run's sheet

/** @param {string} name A, B, … @param {() => HTMLCanvasElement} ground what is shown before there are pictures
 * @param {(id: string) => void} explore */
export function sideOf(name, ground, explore) {
  /** @type {any} */
  let payload = { state: "idle" };
  let requestSheet = null, shown = null, step = null;
  const store = sheets.store(() => {});
  const text = (className) => make("span", { className });
  const title = text("gs-side-title"), facts = text("gs-quiet"), end = text("gs-side-end");
  const differs = make("div.gs-differs.gs-quiet");
  const canvas = make("canvas.gs-picture", { role: "img" });
  const open = make("button", { hidden: true, onclick: () => explore(payload.id) }, "Explore");
  const element = make(
    "section.gs-side-view",
    { "aria-label": `Side ${name}` },
    make("h3", make("span", { className: `gs-badge gs-badge-${name}` }, name), title),
    differs,
    canvas,
    make("div.gs-side-facts", end, facts, open),
  );
  const still = { pick: () => {}, hover: () => {} };
  const losses = runCharts.losses(still), beliefs = runCharts.beliefs(still);
  const charts = make(
    "section.gs-side-charts",
    { "aria-label": `Charts of ${name}` },
    make("h3", make("span", { className: `gs-badge gs-badge-${name}` }, name)),
    losses.element,
    beliefs.element,
  );
  const points = () => payload.points || NOTHING;

  // Index of the newest point at or before a step; the first if there is none so early; -1 if empty.
  function placeAt(wanted) {
    const { step: steps } = points();
    const after = wanted === null ? -1 : steps.findIndex((each) => each > wanted);
    return after < 0 ? steps.length - 1 : Math.max(after - 1, 0);
  }

  const pathOf = (place) => (place < 0 ? null : `${framesOf(payload)}/${points().step[place]}`);

  function update(side) {
    if (keyOf(side) !== keyOf(payload) || !requestSheet) begin(keyOf(side));
    payload = side;
    title.textContent = side.method || (side.state === "idle" ? "nothing yet" : "");
    showDifferences(side.differs || []);
    open.hidden = !side.has_weights;
    const span = spanOf(points().seconds.at(-1), side.budget?.seconds, status.isActive(side.state));
    const columns = { ...NOTHING, ...points() };
    for (const one of [losses, beliefs]) one.update({ columns, span, caption: side.start });
    aim(step);
  }

  // Another run: pending sheets of the previous one are dropped.
  function begin(key) {
    shown?.sheet.close();
    shown = null;
    requestSheet = sheets.newestSheet(store, (frame) => {
      if (key !== keyOf(payload)) return frame.sheet.close();
      shown?.sheet.close();
      shown = frame;
      paint();
    });
  }

  // The other sides list their differences from the first.
  function showDifferences(lines) {
    const key = lines.join("\n");
    if (differs.dataset.key === key) return;
    differs.dataset.key = key;
    const items = lines.map((line) => make("li", line));
    const rest = items.splice(MAX_LISTED);
    differs.replaceChildren(make("ul", ...items));
    if (rest.length) {
      differs.append(make("details", make("summary", `and ${rest.length} more`), make("ul", ...rest)));
    }
  }

  function aim(wanted) {
    step = wanted;
    const place = placeAt(wanted), path = pathOf(place), cursor = wanted === null ? null : place;
    for (const one of [losses, beliefs]) one.cursor(cursor);
    showFacts(place);
    if (path && element.clientWidth) requestSheet({ path });
    paint();
  }

  function showFacts(place) {
    const { step: steps, seconds, distance } = points();
    end.textContent = payload.state === "planned"
      ? "Waits for its turn."
      : payload.state === "idle"
      ? ""
      : status.statusOf(payload, steps.length - 1);
    if (place < 0) {
      facts.textContent = payload.message || "";
      return;
    }
    const known = distance.slice(0, place + 1).findLast((value) => value !== null);
    const far = known === undefined ? "" : ` · distance ${runCharts.inFloors(known, payload.floor)}`;
    facts.textContent = `step ${steps[place].toLocaleString("en")}, ${number(seconds[place], 3)} s${far}${
      payload.message ? `. ${payload.message}` : ""
    }`;
  }

  function paint() {
    const width = element.clientWidth;
    if (!width) return;
    const [sheet, size] = shown ? [shown.sheet, shown.sheet.width / ACROSS] : [ground(), sheets.NOISE_SIDE];
    const goal = payload.preview || size;
    const plan = sheets.fit(width - 2, goal, Math.max(1, Math.min(ACROSS, Math.floor((width - 2) / (goal + 1)))));
    sheets.paintSheet(canvas, sheet, size, plan, plan.columns, plan.columns);
    canvas.setAttribute(
      "aria-label",
      shown ? `Fakes of side ${name}: ${facts.textContent}` : `Side ${name} before training: noise`,
    );
  }

  return {
    name,
    element,
    charts,
    update,
    aim,
    paint,
    prefetch: (wanted) => store.prefetch([...new Set(wanted.map((each) => pathOf(placeAt(each))).filter(Boolean))]),
    get points() {
      return { ...NOTHING, ...points() };
    },
    get floor() {
      return payload.floor;
    },
    get metric() {
      return payload.metric;
    },
    // The reference data of its distance, once there is a run.
    get ground() {
      return keyOf(payload) && [payload.data, payload.size, payload.channels].join();
    },
  };
}
