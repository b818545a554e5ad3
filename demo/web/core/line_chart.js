// Small line charts in SVG: colours come from the style sheet, so light and dark need no redraw.
// A chart is built once; an update only sets texts and paths.
import { known, scaleFor, spread, stepTicks, timeTicks, valueAt } from "./chart_scales.js";
import { make } from "./dom.js";
import { number, tenths } from "./numbers.js";
import { svg } from "./svg.js";

const MARGIN = { top: 10, right: 60, bottom: 20, left: 42 };
const HAIR_ROOM = 34; // no other time is written so near to the hairline's
const CAPTION_HEIGHT = 14;
// Each series has a marker shape as well as a colour. Drawn around (0, 0).
const SHAPES = {
  circle: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  diamond: "M0-5L5 0L0 5L-5 0z",
  square: "M-3.5-3.5h7v7h-7z",
  triangle: "M0-4.5L4.6 3.5h-9.2z",
};

/** An actor's sign, beside its name. @param {string} shape */
export const mark = (shape) =>
  svg("svg", { class: "gs-mark", viewBox: "-6 -6 12 12", "aria-hidden": "true" }, svg("path", { d: SHAPES[shape] }));

// The margin has room for five characters: of a run that diverges, -40K.
const compact = new Intl.NumberFormat("en", { notation: "compact" });
const short = (value) => {
  if (value && Math.abs(value) < 0.001) return value.toExponential(0);
  return Math.abs(value) < 1000 ? number(value) : compact.format(value);
};

// As many elements as there are values: missing ones are made, spare ones hidden.
function pool(group, values, create, set) {
  while (group.children.length < values.length) group.append(create());
  [...group.children].forEach((child, i) => {
    child.style.display = i < values.length ? "" : "none";
    if (i < values.length) set(child, values[i], i);
  });
}

// The horizontal axes: seconds or steps.
const AXES = {
  seconds: { unit: " s", words: "seconds", ticks: timeTicks, shown: (value) => tenths(value) },
  step: { unit: "", words: "steps", ticks: stepTicks, shown: (value) => Math.round(value).toLocaleString("en") },
};

/** A chart; update(data) takes the payload's columns and {span, reference, caption, marks: [{at, words}]}, cursor(index
 * or null) shows a past moment.
 * @param {import("./types.d.ts").ChartOptions} options */
export function chart(
  { title, words = title, axis = "seconds", series, range, ends, log, reference, format, pick, hover },
) {
  const plot = build(), along = AXES[axis];
  let data = { columns: { [axis]: [] }, span: 60 }, at = null, width = 0, height = 0, top, x, y;

  function build() {
    const layers = Object.fromEntries(
      ["ticks", "times", "changes", "lines", "marks"].map((name) => [name, svg("g", { class: `gs-${name}` })]),
    );
    const rule = svg("line", { class: "gs-rule" }), ruleText = svg("text", { class: "gs-rule-text" });
    const hair = svg("line", { class: "gs-hair" }), hairText = svg("text", { class: "gs-hair-text" });
    const caption = svg("text", { class: "gs-caption" });
    const lines = series.map(({ name, actor, dash, shape }) => {
      const style = `--actor: var(--gs-${actor})`;
      const line = {
        path: svg("path", { style, class: "gs-line", "stroke-dasharray": dash || "none" }),
        dots: svg("path", { style, class: "gs-dots" }),
        mark: svg("path", { style, class: "gs-point", d: SHAPES[shape] }),
        label: svg("text", { style, class: "gs-end" }),
        readout: make("span.gs-readout", { style }, name),
      };
      layers.lines.append(line.path, line.dots);
      layers.marks.append(line.mark, line.label);
      return line;
    });
    const canvas = svg(
      "svg",
      { role: "img", "aria-label": title },
      layers.ticks,
      layers.times,
      layers.changes,
      rule,
      layers.lines,
      caption,
      ruleText,
      hair,
      hairText,
      layers.marks,
    );
    const box = make("div.gs-plot", canvas);
    const head = make(
      "div.gs-chart-head",
      make("strong", words),
      make("span.gs-readouts", ...lines.map((line) => line.readout)),
    );
    const element = make("div.gs-chart", head, box);
    return { element, box, canvas, layers, rule, ruleText, hair, hairText, caption, lines };
  }

  function scales() {
    top = MARGIN.top + (data.caption ? CAPTION_HEIGHT : 0);
    const shown = series.flatMap(({ column }) => (data.columns[column] || []).filter(known));
    const rule = data.reference || reference;
    const scale = scaleFor(rule && shown.length ? [...shown, rule.value] : shown, range, log);
    const wide = width - MARGIN.left - MARGIN.right, tall = height - top - MARGIN.bottom;
    x = (value) => MARGIN.left + (value / data.span) * wide;
    y = (value) => top + (1 - scale.at(value)) * tall;
    return scale;
  }

  function render() {
    if (!width) return;
    const scale = scales();
    drawAxes(scale.ticks);
    drawRule(data.reference || reference);
    drawChanges(data.marks || []);
    series.forEach((one, i) => drawLine(one, plot.lines[i]));
    plot.caption.textContent = data.caption || "";
    place(plot.caption, width - MARGIN.right, MARGIN.top + 2);
    renderCursor();
  }

  function drawAxes(ticks) {
    const right = width - MARGIN.right, bottom = height - MARGIN.bottom;
    pool(plot.layers.ticks, ticks, () => svg("g", {}, svg("line"), svg("text")), (group, tick) => {
      const [line, text] = group.children;
      stretch(line, MARGIN.left, y(tick), right, y(tick));
      text.textContent = ends?.[tick] ?? short(tick);
      place(text, MARGIN.left - 6, y(tick) + 4);
    });
    const times = along.ticks(data.span);
    pool(plot.layers.times, times, () => svg("text"), (text, time, i) => {
      text.textContent = number(time, 6) + (i === times.length - 1 ? along.unit : "");
      place(text, x(time), bottom + 15);
    });
  }

  function drawRule(rule) {
    plot.rule.style.display = plot.ruleText.style.display = rule ? "" : "none";
    if (!rule) return;
    stretch(plot.rule, MARGIN.left, y(rule.value), width - MARGIN.right, y(rule.value));
    plot.ruleText.textContent = rule.text;
    plot.ruleText.style.setProperty("--actor", `var(--gs-${rule.actor || "quiet"})`);
    place(plot.ruleText, MARGIN.left + 4, y(rule.value) - 5);
  }

  // Vertical lines where settings were changed during the run.
  function drawChanges(marks) {
    pool(plot.layers.changes, marks, () => svg("line", {}, svg("title")), (line, { at, words }) => {
      stretch(line, x(at), top, x(at), height - MARGIN.bottom);
      line.firstChild.textContent = words.join("; ");
    });
  }

  /** @param {import("./types.d.ts").Series} series */
  function drawLine({ column, dots }, line) {
    const places = data.columns[axis], values = data.columns[column] || [];
    const spot = (value, i) => known(value) ? [`${x(places[i]).toFixed(1)} ${y(value).toFixed(1)}`] : [];
    const spots = values.flatMap(spot);
    line.path.setAttribute("d", spots.length ? `M${spots.join("L")}` : "");
    if (dots) line.dots.setAttribute("d", spots.map((spot) => `M${spot}h0`).join(""));
  }

  // Marks, words and readouts stand at the cursor, or at the newest values where there is none.
  function renderCursor() {
    if (!width) return;
    const places = data.columns[axis], last = places.length - 1;
    const index = at === null ? last : Math.min(at, last);
    const labels = [];
    series.forEach((one, i) => {
      const line = plot.lines[i], column = data.columns[one.column] || [];
      const here = valueAt(column, index), end = valueAt(column, last);
      line.mark.style.display = here ? "" : "none";
      line.label.style.display = end ? "" : "none";
      line.readout.textContent = here ? format(one, here.value, { ...data, past: at !== null }) : one.name;
      if (!here) return;
      line.mark.setAttribute("transform", `translate(${x(places[here.index])} ${y(here.value)})`);
      labels.push({ line, name: one.name, x: x(places[end.index]), y: y(end.value) });
    });
    spread(labels, top, height - MARGIN.bottom);
    for (const label of labels) {
      label.line.label.textContent = label.name;
      place(label.line.label, Math.min(label.x + 8, width - MARGIN.right + 8), label.y + 4);
    }
    drawHair(at === null || last < 0 ? null : places[index]);
    plot.canvas.setAttribute("aria-label", summary(last < 0 ? null : places[index]));
  }

  function drawHair(time) {
    plot.hair.style.display = plot.hairText.style.display = time === null ? "none" : "";
    for (const tick of plot.layers.times.children) {
      const covered = time !== null && Math.abs(tick.getAttribute("x") - x(time)) < HAIR_ROOM;
      tick.style.visibility = covered ? "hidden" : "";
    }
    if (time === null) return;
    stretch(plot.hair, x(time), top, x(time), height - MARGIN.bottom);
    plot.hairText.textContent = along.shown(time) + along.unit;
    place(
      plot.hairText,
      Math.max(MARGIN.left + 14, Math.min(x(time), width - MARGIN.right - 14)),
      height - MARGIN.bottom + 15,
    );
  }

  function summary(time) {
    if (time === null) return `Chart: ${title}. Nothing measured yet.`;
    const words = plot.lines.map((line) => line.readout.textContent).join(", ");
    const what = data.caption ? `${title}, ${data.caption}` : title;
    return `Chart: ${what}, over ${along.shown(data.span)} ${along.words}. At ${along.shown(time)}: ${words}.`;
  }

  // The moment nearest to the pointer.
  function indexAt(event) {
    const places = data.columns[axis];
    if (!places.length) return null;
    const pointed = event.clientX - plot.canvas.getBoundingClientRect().left;
    return places.reduce(
      (best, place, i) => (Math.abs(x(place) - pointed) < Math.abs(x(places[best]) - pointed) ? i : best),
      0,
    );
  }

  plot.canvas.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") hover(indexAt(event));
  });
  plot.canvas.addEventListener("pointerleave", () => hover(null));
  plot.canvas.addEventListener("click", (event) => {
    const index = indexAt(event);
    if (index !== null) pick(index);
  });
  new ResizeObserver(() => {
    ({ clientWidth: width, clientHeight: height } = plot.box);
    render();
  }).observe(plot.box);

  return {
    element: plot.element,
    update: (values) => {
      data = values;
      render();
    },
    cursor: (index) => {
      if (index !== at) {
        at = index;
        renderCursor();
      }
    },
  };
}

const place = (element, x, y) => {
  element.setAttribute("x", x);
  element.setAttribute("y", y);
};
const stretch = (line, x1, y1, x2, y2) => {
  for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value);
};
