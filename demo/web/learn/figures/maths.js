// Two densities that can be dragged, the best D over them, the value of the game, and G's two losses beside their code.
import { fetchRoute, query } from "../../core/api.js";
import { make, range } from "../../core/dom.js";
import { svg } from "../../core/svg.js";
import { fill } from "../../core/texts.js";
import { bestD, G_LOSSES, jensenShannon, normal, valueOf } from "../theory.js";

const FROM = -4, TO = 4, COUNT = 400, DX = (TO - FROM) / COUNT;
const REAL = { mean: 0, width: 0.8 };
const WIDE = 460, TALL = 190, PAD = 8, TOP = 0.85; // of the drawing; the highest density
const LOGITS = 6;
const xs = Array.from({ length: COUNT + 1 }, (_, i) => FROM + i * DX);
const three = (value) => value.toFixed(3).replace("-", "−");

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words }, tried }) {
  const mean = range(words.mean, -3, 3, { step: 0.01, value: 1.6, oninput: draw });
  const width = range(words.width, 0.3, 2, { step: 0.01, value: 0.5, oninput: draw });
  const value = make("span"), divergence = make("span");
  const curves = densities([words.p, words.q, words.best].join(", "));
  const slopes = losses(words);
  const logit = range(words.logit, -LOGITS, LOGITS, { step: 0.05, value: -4, oninput: draw });
  const sources = make("div.gs-sources");
  const element = make(
    "div.gs-maths",
    legend([["real", words.p], ["fake", words.q], ["discriminator", words.best]]),
    curves.element,
    make("p.gs-quiet", words.drag),
    field(words.mean, mean),
    field(words.width, width),
    make("p.gs-numbers-row", value, divergence),
    legend([["generator", words.nonsaturating], ["quiet", words.minimax]]),
    slopes.element,
    field(words.logit, logit),
    sources,
  );
  for (const slider of [mean, width, logit]) slider.addEventListener("change", tried);
  curves.onDrag((x) => {
    mean.value = String(x);
    draw();
  });

  const fakes = () => xs.map((x) => normal(x, mean.valueAsNumber, width.valueAsNumber));
  const reals = xs.map((x) => normal(x, REAL.mean, REAL.width));

  function draw() {
    const q = fakes();
    curves.draw(reals, q);
    value.textContent = fill(words.value, { v: three(valueOf(reals, q, DX)) });
    divergence.textContent = fill(words.js, { v: three(2 * jensenShannon(reals, q, DX) - Math.log(4)) });
    slopes.draw(logit.valueAsNumber);
  }

  async function begin() {
    const names = ["d_logistic_loss", "g_minimax_loss", "g_nonsaturating_loss"];
    const found = await Promise.all(
      names.map(async (name) =>
        (await fetchRoute(`learn/source?${query({ name: `gan.training.losses.${name}` })}`)).json()
      ),
    );
    sources.replaceChildren(
      ...found.map(({ file, line, code }) =>
        make(
          "figure",
          make("figcaption.gs-quiet", fill(words.source, { file, line })),
          make("pre.gs-code", { tabIndex: 0 }, code),
        )
      ),
    );
  }

  return {
    element,
    begin,
    start: draw,
    measure() {
      mean.value = String(REAL.mean);
      width.value = String(REAL.width);
      draw();
      const found = valueOf(reals, fakes(), DX), goals = [0, -Math.log(4), -Infinity];
      const right = goals.findIndex((goal) => Math.abs(found - goal) < 0.01);
      return { right: right < 0 ? 2 : right, values: { value: three(found) } };
    },
  };
}

const legend = (rows) =>
  make(
    "p.gs-legend-row",
    ...rows.map(([actor, text]) => make("span", { style: `color: var(--gs-${actor})` }, `▬ ${text}`)),
  );
const field = (text, slider) => make("label.gs-slider-field", make("span", text), slider);

const path = (actor, dash = "none") =>
  svg("path", { fill: "none", "stroke-width": 2, "stroke-dasharray": dash, style: `stroke: var(--gs-${actor})` });
const lineThrough = (spots) => `M${spots.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

// p, q and D*, all over x; q can be dragged.
function densities(label) {
  const x = (value) => PAD + ((value - FROM) / (TO - FROM)) * (WIDE - 2 * PAD);
  const y = (share) => TALL - PAD - share * (TALL - 2 * PAD);
  const p = path("real"), q = path("fake", "7 3"), best = path("discriminator", "2 3");
  const half = svg("line", { x1: x(FROM), x2: x(TO), y1: y(0.5), y2: y(0.5), class: "gs-rule" });
  const element = svg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${TALL}`, class: "gs-curves", role: "img", "aria-label": label },
    half,
    svg("text", { x: x(FROM) + 2, y: y(0.5) - 4 }, "½"),
    svg("text", { x: x(FROM) + 2, y: y(1) + 10 }, "1"),
    p,
    q,
    best,
  );
  /** @type {(x: number) => void} */
  let dragged = () => {};
  const follow = (event) => {
    const bounds = element.getBoundingClientRect();
    const place = FROM + ((event.clientX - bounds.left) / bounds.width * WIDE - PAD) / (WIDE - 2 * PAD) * (TO - FROM);
    dragged(Math.max(-3, Math.min(3, place)));
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    follow(event);
  });
  element.addEventListener("pointermove", (event) => event.buttons && follow(event));
  return {
    element,
    onDrag: (callback) => void (dragged = callback),
    draw(reals, fakes) {
      const curve = (values, most) => lineThrough(xs.map((at, i) => [x(at), y(Math.min(1.02, values[i] / most))]));
      p.setAttribute("d", curve(reals, TOP));
      q.setAttribute("d", curve(fakes, TOP));
      best.setAttribute("d", curve(reals.map((one, i) => bestD(one, fakes[i])), 1));
    },
  };
}

// G's losses over D's logit, with the slopes at yours.
function losses(words) {
  const low = -6.5, high = 6.5;
  const x = (value) => PAD + ((value + LOGITS) / (2 * LOGITS)) * (WIDE - 2 * PAD);
  const y = (value) => PAD + ((high - value) / (high - low)) * (TALL - 2 * PAD);
  const styles = { nonsaturating: path("generator"), minimax: path("quiet", "7 3") };
  const marks = Object.fromEntries(
    Object.entries({ nonsaturating: "generator", minimax: "quiet" }).map(([name, actor]) => [name, {
      dot: svg("circle", { r: 5, style: `fill: var(--gs-${actor})` }),
      text: svg("text", { style: `fill: var(--gs-${actor})` }),
    }]),
  );
  for (const [name, { loss }] of Object.entries(G_LOSSES)) {
    styles[name].setAttribute("d", lineThrough(xs.map((at) => [x(at * 1.5), y(loss(at * 1.5))])));
  }
  const element = svg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${TALL}`, class: "gs-curves", role: "img" },
    svg("line", { x1: x(-LOGITS), x2: x(LOGITS), y1: y(0), y2: y(0), class: "gs-rule" }),
    ...Object.values(styles),
    ...Object.values(marks).flatMap(({ dot, text }) => [dot, text]),
  );
  return {
    element,
    draw(logit) {
      for (const [name, { loss, slope }] of Object.entries(G_LOSSES)) {
        const { dot, text } = marks[name], at = x(logit), high = y(loss(logit));
        dot.setAttribute("cx", at);
        dot.setAttribute("cy", high);
        text.setAttribute("x", Math.min(at + 8, WIDE - 90));
        text.setAttribute("y", high + (name === "minimax" ? 18 : -8));
        text.textContent = fill(words.slope, { value: three(slope(logit)) });
      }
      element.setAttribute("aria-label", Object.values(marks).map(({ text }) => text.textContent).join(", "));
    },
  };
}
