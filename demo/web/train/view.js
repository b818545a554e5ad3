// The elements of a run's live view, and the layout of its pictures.
import { make, term } from "../core/dom.js";
import { mark } from "../core/line_chart.js";
import * as sheets from "../core/sample_sheets.js";

// Widths in CSS pixels. From WIDE on, charts stand beside the pictures; from MIDDLE on, the reals.
const WIDE = 900, MIDDLE = 600;
// The most that the fakes take (8 × 64 and seven gaps), the gaps of the layout (train.css), and
// what charts like to have.
const FAKES_ROOM = 519, BESIDE = 12, APART = 24, CHARTS_ROOM = 340;
const MAX_REAL_COLUMNS = { wide: 2, middle: 4 };
const REAL_ROWS_BELOW = 2;
const EMPTY = "Choose your pictures, then press Train: what the generator learns to draw of them appears here.";

/** Reals are drawn at the same scale as the fakes, for comparison.
 * @param {number} width @param {number} size */
export function planOf(width, size) {
  const layout = width >= WIDE ? "wide" : width >= MIDDLE ? "middle" : "narrow";
  const fakes = sheets.fit(Math.min(width - 2, FAKES_ROOM), size);
  if (layout === "narrow") return { layout, fakes, realColumns: fakes.columns, realRows: REAL_ROWS_BELOW };
  const used = sheets.span(fakes, fakes.columns) / fakes.ratio + BESIDE +
    (layout === "wide" ? APART + CHARTS_ROOM : 0);
  const columns = Math.floor(((width - used - 2) * fakes.ratio) / (fakes.cell + fakes.gap));
  const realColumns = Math.max(1, Math.min(columns, MAX_REAL_COLUMNS[layout]));
  return { layout, fakes, realColumns, realRows: fakes.columns };
}

/** @param {Element} root @param {{element: HTMLElement}} history @param {Record<string, {element: Element}>} charts
 * @param {Record<string, (event?: any) => void>} actions @returns {Record<string, any>} the elements by name */
export function build(root, history, charts, actions) {
  const text = (className) => make("span", { className });
  const button = (label, onclick) => make("button", { onclick }, label);
  const canvas = () => make("canvas.gs-picture", { role: "img" });
  const label = (actor, shape, word, note) =>
    make("h3", { className: `gs-label gs-${actor}-label` }, mark(shape), word, note);
  const view = {
    status: make("strong.gs-status"),
    pace: text("gs-quiet"),
    facts: text("gs-quiet"),
    notes: make("p.gs-quiet.gs-notes"),
    bar: make("div"),
    watching: make(
      "p.gs-quiet.gs-notes",
      { hidden: true },
      "You are watching: somebody else started this run. Its settings stand in the form.",
    ),
    hint: text("gs-quiet"),
    notice: make("span.gs-quiet", { role: "status" }),
    alert: make("span.gs-alert", { role: "alert" }),
    spoken: make("p.gs-hidden", { "aria-live": "polite" }),
    source: text("gs-quiet"),
    fakes: make("canvas.gs-picture", { role: "img", onclick: actions.pick, title: "Press one to open it in Explore" }),
    empty: make("p.gs-empty.gs-quiet", { hidden: true }, EMPTY),
    reals: canvas(),
    save: button("Save picture", actions.save),
    explore: button("Explore this model", actions.explore),
    inside: button("Look inside", actions.inside),
    link: button("Copy link to this run", actions.copy),
    weights: make("a.gs-button", { download: "" }, "Download weights"),
  };
  view.explore.className = "gs-next";
  view.progress = make("div.gs-progress", {
    role: "progressbar",
    "aria-label": "Progress of the run",
    "aria-valuemin": 0,
    "aria-valuemax": 100,
  }, view.bar);
  view.live = make(
    "div.gs-live",
    make(
      "div.gs-head",
      make("div.gs-headline", view.status, view.pace),
      view.progress,
      view.watching,
      make("div.gs-note", view.hint, view.notice, view.alert),
      view.notes,
      view.spoken,
    ),
    make("div.gs-fakes", label("fake", "diamond", term("fakes", "Fakes"), view.facts), view.fakes, view.empty),
    history.element,
    make("div.gs-reals", label("real", "circle", "Reals", view.source), view.reals),
    make("div.gs-charts", ...Object.values(charts).map((one) => one.element)),
    make("div.gs-row.gs-after", view.explore, view.inside, view.weights, view.save, view.link),
  );
  root.append(view.live);
  return view;
}
