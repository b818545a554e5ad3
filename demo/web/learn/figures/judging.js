// Judging: generators of points, honest and cheating, and what four numbers say of them.
import { make } from "../../core/dom.js";
import { svg } from "../../core/svg.js";
import { fill } from "../../core/texts.js";
import { copies, frechet, normals, precisionRecall, uniforms } from "../theory.js";

const COUNT = 160, SIDE = 300;
const SPREAD = 0.28, BLUR = 0.55;
const CENTRES = [0, 1, 2, 3, 4].map((i) => [Math.cos(i * 1.2566), Math.sin(i * 1.2566)]);

/** Points near the centres. @param {number} seed @param {number} [spread] @param {number} [kinds] of the centres
 * @returns {import("../theory.js").Point[]} */
export function cloud(seed, spread = SPREAD, kinds = CENTRES.length) {
  const uniform = uniforms(seed), normal = normals(uniform);
  return Array.from({ length: COUNT }, () => {
    const [x, y] = CENTRES[Math.floor(uniform() * kinds)];
    return [x + spread * normal(), y + spread * normal()];
  });
}

const TRAINING = cloud(1), HELD = cloud(2);
/** The fakes of each generator. @type {Record<string, import("../theory.js").Point[]>} */
export const GENERATORS = {
  honest: cloud(3),
  memory: TRAINING,
  one: cloud(4, SPREAD, 1),
  blurred: cloud(5, BLUR),
};

/** What is measured of fakes: against real points that no generator was shown, copies against the training points.
 * @param {string} name */
export function measured(name) {
  const fakes = GENERATORS[name];
  return { frechet: frechet(HELD, fakes), ...precisionRecall(HELD, fakes), copies: copies(TRAINING, fakes) };
}

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words }, tried }) {
  const floor = frechet(HELD, TRAINING);
  const buttons = Object.keys(GENERATORS).map((name) => make("button", { onclick: () => choose(name) }, words[name]));
  const plane = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, class: "gs-plane-svg", role: "img" });
  const rows = make("tbody"), table = make("table.gs-measures", rows);
  const legend = make(
    "p.gs-legend-row",
    key("real", `● ${words.held}`),
    key("quiet", `○ ${words.reals}`),
    key("fake", `◆ ${words.fakes}`),
  );
  const element = make("div.gs-judging", make("div.gs-row", ...buttons), make("div.gs-judged", plane, table), legend);

  function choose(/** @type {string} */ name, byReader = true) {
    Object.keys(GENERATORS).forEach((each, i) => buttons[i].setAttribute("aria-pressed", String(each === name)));
    plane.setAttribute("aria-label", words[name]);
    const dot = (kind) => ([x, y]) => {
      const at = `${(SIDE / 2 + x * SIDE / 4.4).toFixed(1)} ${(SIDE / 2 - y * SIDE / 4.4).toFixed(1)}`;
      return svg("path", { class: `gs-dot-${kind}`, d: `M${at}h0` });
    };
    plane.replaceChildren(
      ...TRAINING.map(dot("training")),
      ...HELD.map(dot("real")),
      ...GENERATORS[name].map(dot("fake")),
    );
    const found = measured(name), percent = (share) => `${Math.round(100 * share)} %`;
    rows.replaceChildren(
      row(words.frechet, found.frechet.toFixed(3), fill(words.floor, { value: floor.toFixed(3) })),
      row(words.precision, percent(found.precision)),
      row(words.recall, percent(found.recall)),
      row(words.copies, percent(found.copies)),
    );
    if (byReader) tried();
  }
  choose("honest", false);

  return {
    element,
    measure() {
      const [honest, memory] = ["honest", "memory"].map(measured), three = (value) => value.toFixed(3);
      const values = {
        ...{ memory: three(memory.frechet), honest: three(honest.frechet), floor: three(floor) },
        copies: `${Math.round(100 * memory.copies)} %`,
        fresh: `${Math.round(100 * honest.copies)} %`,
      };
      return { right: memory.frechet > 2 * honest.frechet ? 0 : 1, values };
    },
  };
}

const key = (actor, text) => make("span", { style: `color: var(--gs-${actor})` }, text);
const row = (name, value, more = "") =>
  make("tr", make("th", { scope: "row" }, name), make("td", value), make("td.gs-quiet", more));
