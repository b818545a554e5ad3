// Points: the view of one session: the plot, a legend that switches layers, and charts.
import { make } from "../core/dom.js";
import { chart, mark } from "../core/line_chart.js";
import * as runCharts from "../run/run_charts.js";
import * as api from "./api.js";
import * as paint from "./plane_canvas.js";
import { pointSession } from "./session.js";

const FILM = 60, FILM_SIDE = 400; // frames and pixels of an animation
const CHARTS_MS = 250; // between two drawings of the charts while a session runs
// `on`: shown at first.
const LEGEND = [
  { layer: "real", actor: "real", word: "Reals", shape: "circle", on: true },
  { layer: "fake", actor: "fake", word: "Fakes", shape: "diamond", on: true },
  { layer: "surface", actor: "discriminator", word: "D's surface", shape: "square", on: true },
  { layer: "manifold", actor: "generator", word: "G's grid", shape: "triangle" },
  { layer: "pulls", actor: "gradient", word: "Gradients" },
  { layer: "trails", actor: "fake", word: "Trails" },
];
const DISTANCES = [
  { name: "JS", column: "js", actor: "fake", shape: "diamond", dots: true },
  { name: "KL", column: "kl", actor: "discriminator", shape: "square", dash: "6 3" },
];
const MODES = [
  { name: "modes", column: "share", actor: "generator", shape: "triangle" },
  { name: "inside", column: "quality", actor: "fake", shape: "diamond", dash: "6 3" },
];
// A fixed number of digits, so that the text does not jump.
const short = (value) => (value < 0.1 ? value.toFixed(3) : value.toFixed(2));
const COLUMNS = ["d_loss", "g_loss", "d_real", "d_fake", "js", "kl", "quality"];

/**
 * A session and its view. `pick` and `pickMoment` get the index under the pointer; a press on its title calls
 * `choose`.
 * @param {{name: string, changed: (what: string) => void, failed: (error: Error) => void,
 *   pick: (index: number | null) => void, pickMoment: (index: number) => void, choose: () => void}} actions
 */
export function sessionView({ name, changed, failed, pick, pickMoment, choose }) {
  const session = pointSession({ changed, failed });
  const layers = new Set(LEGEND.filter(({ on }) => on).map(({ layer }) => layer));
  let held = null, picked = null, part = null, colours = null, drawnAt = 0, later = 0;

  const stage = make("canvas.gs-picture.gs-stage", {
    role: "img",
    "aria-label": "Real and fake points in the plane",
  });
  const caption = make("p.gs-caption-words", { "aria-live": "polite" });
  const stageBox = make("div.gs-stage-box", stage);
  const facts = make("span.gs-quiet.gs-stage-facts");
  const title = make("button.gs-side-button", { hidden: true, onclick: choose });
  const legend = make(
    "div.gs-legend",
    { role: "group", "aria-label": "What is shown" },
    ...LEGEND.map(({ layer, actor, word, shape = "", on = false }) => {
      const input = make("input", {
        type: "checkbox",
        checked: on,
        onchange: () => {
          layers[input.checked ? "add" : "delete"](layer);
          repaint();
        },
      });
      return make("label", { style: `color: var(--gs-${actor})` }, input, shape ? mark(shape) : "", word);
    }),
  );
  const key = make(
    "p.gs-key.gs-quiet",
    "D: ",
    make("span.gs-key-fake", "fake"),
    make("i", { "aria-hidden": "true" }),
    make("span.gs-key-real", "real"),
    " · blue line: undecided",
  );
  const element = make("div.gs-side-stage", { "data-side": name }, title, stageBox, caption, legend, key, facts);

  /** @type {import("../run/run_charts.js").Actions} */
  const actions = { axis: "step", pick: pickMoment, hover: () => {} };
  const plots = {
    distance: chart({
      ...actions,
      title: "Distance to the data",
      series: DISTANCES,
      log: true,
      format: formatDistance,
    }),
    modes: chart({
      ...actions,
      title: "Modes found, and dots inside them",
      series: MODES,
      range: [0, 1],
      ends: { 0: "0 %", 0.5: "50 %", 1: "all" },
      format: formatShare,
    }),
    losses: runCharts.losses(actions),
    beliefs: runCharts.beliefs(actions),
  };

  function formatDistance({ name: of, column }, value) {
    const floor = session.about?.floor[column];
    return `${of} ${short(value)}${floor ? ` (floor ${short(floor)})` : ""}`;
  }

  function formatShare({ name: of, column }, value) {
    return column === "share"
      ? `${Math.round(value * session.about.modes)} of ${session.about.modes} ${of}`
      : `${(100 * value).toFixed(0)} % ${of} (3 σ)`;
  }

  // The user's points have no held-out data: one half is measured against the other.
  const floorWords =
    () => (session.settings.data === api.CUSTOM_DATA ? "half of the data against the other" : "real against real");

  const palette = () => (colours ??= paint.paletteOf(element));

  function shown() {
    const { frames } = session;
    if (part) return part.frame;
    if (held === null) return frames.at(-1);
    return frames.findLast((frame) => frame.place <= held) ?? frames[0];
  }

  function repaint() {
    colours = null;
    draw();
  }

  function draw() {
    const frame = shown();
    if (!frame || !stageBox.clientWidth) return;
    paint.fit(stage, stageBox.clientWidth);
    const at = session.frames.findLastIndex((each) => each.place <= frame.place);
    const trail = part ? [part.before, part.frame] : trailTo(at);
    const seen = part ? new Set(part.layers) : layers;
    paint.paint(stage, { about: session.about, frame, trail, palette: palette(), layers: seen, picked });
    facts.textContent = factsOf(frame);
    drawCharts();
  }

  const trailTo = (at) => session.frames.slice(Math.max(0, at - paint.TRAIL), at + 1);
  const known = (value) => (value ?? null) !== null;

  function factsOf(frame) {
    const measured = held === null ? session.frames.findLast((each) => known(each.js)) : frame;
    const { modes, floor } = session.about, js = measured?.js;
    const spread = !known(js) ? "" : ` · JS ${short(js)} (${floorWords()} ${short(floor.js)})`;
    const found = modes && known(measured?.covered)
      ? ` · ${measured.covered} of ${modes} modes, ${(100 * measured.quality).toFixed(0)} % of fakes inside`
      : "";
    return `step ${frame.step.toLocaleString("en")}${spread}${found}`;
  }

  // Curves change slowly: they are drawn a few times a second, and once more at the end.
  function drawCharts() {
    clearTimeout(later);
    const wait = drawnAt + CHARTS_MS - performance.now();
    if (session.running && wait > 0) {
      later = setTimeout(drawCharts, wait);
      return;
    }
    drawnAt = performance.now();
    const { frames, about, marks } = session;
    const columns = Object.fromEntries(COLUMNS.map((column) => [column, frames.map((frame) => frame[column])]));
    columns.step = frames.map((frame) => frame.place);
    columns.share = frames.map(({ covered }) => (known(covered) ? covered / about.modes : null));
    const span = Math.max(columns.step.at(-1) ?? 0, 10);
    const cursor = held === null ? null : frames.findLastIndex((frame) => frame.place <= held);
    plots.modes.element.hidden = !about.modes;
    for (const [kind, plot] of Object.entries(plots)) {
      plot.update({
        columns,
        span,
        marks,
        ...(kind === "distance"
          ? {
            reference: { value: about.floor.js, text: `JS, ${floorWords()}`, actor: "real" },
            caption: "at the line: as good as real",
          }
          : {}),
      });
      plot.cursor(cursor);
    }
  }

  stage.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") pick(nearest(event));
  });
  stage.addEventListener("pointerdown", (event) => pick(nearest(event)));
  stage.addEventListener("pointerleave", () => pick(null));

  function nearest(event) {
    const frame = shown(), bounds = stage.getBoundingClientRect();
    if (!frame) return null;
    const to = paint.frameOf(session.about, bounds.width);
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
    let best = null, least = 24;
    for (let i = 0; i < frame.fakes.length / 2; i++) {
      const gap = Math.hypot(to.x(frame.fakes[2 * i]) - x, to.y(frame.fakes[2 * i + 1]) - y);
      if (gap < least) [best, least] = [i, gap];
    }
    return best;
  }

  // The history as PNG pictures, evenly spaced, as it is shown here.
  async function film() {
    const { frames } = session, count = Math.min(FILM, frames.length), pictures = [];
    const canvas = make("canvas", { width: FILM_SIDE, height: FILM_SIDE });
    for (let k = 0; k < count; k++) {
      const at = Math.round((k * (frames.length - 1)) / Math.max(count - 1, 1));
      paint.paint(canvas, { about: session.about, frame: frames[at], trail: trailTo(at), palette: palette(), layers });
      label(canvas, frames[at].step);
      pictures.push(await new Promise((done) => canvas.toBlob(done, "image/png")));
    }
    return pictures;
  }

  function label(canvas, step) {
    const pen = canvas.getContext("2d");
    pen.font = "13px system-ui, sans-serif";
    pen.fillStyle = palette().ink;
    pen.fillText(`step ${step.toLocaleString("en")}`, 8, FILM_SIDE - 10);
  }

  return {
    name,
    session,
    element,
    stage,
    stageBox,
    palette,
    repaint,
    shown,
    film,
    facts: () => facts.textContent,
    charts: Object.values(plots).map((plot) => plot.element),
    show(place, index) {
      held = place;
      picked = index;
      draw();
    },
    part(value) {
      part = value;
      caption.textContent = part?.words ?? "";
      draw();
    },
    title(text, pressed) {
      title.hidden = !text;
      title.textContent = text + (pressed ? " · its settings are shown" : "");
      title.setAttribute("aria-pressed", String(pressed));
    },
  };
}
