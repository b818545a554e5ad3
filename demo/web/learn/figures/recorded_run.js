// A recorded run: real pictures, what G drew, and what D said of both, moment by moment.
import { fetchRoute } from "../../core/api.js";
import { valueAt } from "../../core/chart_scales.js";
import { make } from "../../core/dom.js";
import { fit, newestSheet, paintSheet, store } from "../../core/sample_sheets.js";
import { svg } from "../../core/svg.js";
import { timeline } from "../../core/timeline.js";
import { load } from "../../run/recorded.js";

const ROOM = 272, NARROW = 560; // CSS pixels of a sheet; of the figure, where D stands below
const MIDDLE = 190; // that D takes beside the sheets
const MOST = 4; // pictures a row and a column
const TENTH = 0.1, BOUNDS = [0.2, 0.5]; // of the question's answers

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words }, props }) {
  const real = make("canvas.gs-picture", { role: "img", "aria-label": words.real });
  const fake = make("canvas.gs-picture", { role: "img", "aria-label": words.fake });
  const gauge = gaugeOf(words);
  let run = null;
  const sheets = store(() => {});
  const paint = newestSheet(sheets, ({ sheet }) => paintAt(fake, sheet));
  const pathOf = (index) => `${run.frames}/${run.points.step[index]}`;
  const history = timeline({
    show(index) {
      paint({ path: pathOf(index) });
      gauge.show(lastOf(run.points.d_real, index), lastOf(run.points.d_fake, index));
    },
    prefetch: (indices) => sheets.prefetch(indices.map(pathOf)),
  });
  const element = make(
    "div.gs-recorded-run",
    make("div.gs-duel", column("real", words.real, real), gauge.element, column("fake", words.fake, fake)),
    history.element,
  );

  function paintAt(canvas, sheet, size = run.preview ?? run.size) {
    const width = element.clientWidth, room = Math.min(ROOM, (width - (width < NARROW ? 16 : MIDDLE)) / 2);
    const count = Math.max(1, Math.min(MOST, Math.floor(room / size)));
    paintSheet(canvas, sheet, size, fit(room, size, count), count, count);
  }

  async function begin() {
    run = await load(props.run);
    if (!run) throw new Error("The recorded run is not here.");
    const blob = await (await fetchRoute(props.reals)).blob(), sheet = await createImageBitmap(blob);
    paintAt(real, sheet, run.size);
    history.update(run.points, props.run);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      /** @type {HTMLElement} */ (element.querySelector(".gs-play")).click();
    }
  }

  return {
    element,
    begin,
    async measure() {
      run ??= await load(props.run);
      const [real, fake] = ["d_real", "d_fake"].map((name) => lastTenth(run.points[name]));
      const right = BOUNDS.filter((bound) => fake >= bound).length;
      return { right, values: { real: real.toFixed(2), fake: fake.toFixed(2) } };
    },
  };
}

const column = (actor, text, canvas) =>
  make("div.gs-duel-side", make("strong", { style: `color: var(--gs-${actor})` }, text), canvas);

function lastTenth(column) {
  const known = column.filter((value) => value !== null), count = Math.max(1, Math.round(TENTH * known.length));
  return known.slice(-count).reduce((sum, value) => sum + value, 0) / count;
}

const lastOf = (column, index) => valueAt(column, index)?.value ?? null;

// From 0 below to 1 on top: a circle for real pictures, a diamond for fakes.
function gaugeOf(words) {
  const height = 180, low = 12, y = (value) => low + (1 - value) * (height - 2 * low);
  const mark = (actor, shape) => svg("path", { d: shape, style: `fill: var(--gs-${actor}); display: none` });
  const real = mark("real", "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0z"), fake = mark("fake", "M0-8L8 0L0 8L-8 0z");
  const texts = { real: make("span.gs-belief"), fake: make("span.gs-belief") };
  texts.real.style.color = "var(--gs-real)";
  texts.fake.style.color = "var(--gs-fake)";
  const drawing = svg(
    "svg",
    { viewBox: `0 0 120 ${height}`, class: "gs-gauge", role: "img" },
    svg("line", { x1: 60, x2: 60, y1: y(1), y2: y(0), class: "gs-gauge-line" }),
    ...[0, 0.5, 1].map((value) => svg("line", { x1: 48, x2: 72, y1: y(value), y2: y(value), class: "gs-gauge-line" })),
    ...[[1, "1"], [0.5, "½"], [0, "0"]].map(([value, text]) =>
      svg("text", { x: 36, y: y(Number(value)) + 4, "text-anchor": "end" }, String(text))
    ),
    real,
    fake,
  );
  const element = make("div.gs-duel-middle", make("strong", { style: "color: var(--gs-discriminator)" }, "D"));
  element.append(drawing, texts.real, texts.fake, make("span.gs-quiet", words.guess));
  const made = {
    element,
    show(d_real, d_fake) {
      for (const [mark, value, x] of [[real, d_real, 52], [fake, d_fake, 68]]) {
        mark.style.display = value === null ? "none" : "";
        if (value !== null) mark.setAttribute("transform", `translate(${x} ${y(value)})`);
      }
      const text = (value) => value === null ? "–" : value.toFixed(2);
      texts.real.textContent = `${words.d_real}: ${text(d_real)}`;
      texts.fake.textContent = `${words.d_fake}: ${text(d_fake)}`;
      drawing.setAttribute("aria-label", `${texts.real.textContent}, ${texts.fake.textContent}`);
    },
  };
  made.show(null, null);
  return made;
}
