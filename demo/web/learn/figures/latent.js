// The latent space: from one seed to another, along a circle or a line, with truncation.
import { make, range } from "../../core/dom.js";
import { fill } from "../../core/texts.js";
import { follower, lengthOf } from "./pictures.js";

const PAIRS = 200;
const LENGTHS = [1, Math.SQRT1_2, Math.SQRT2]; // the question's answers

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words }, props, failed, tried }) {
  const shown = follower(props.model, words.way, failed);
  const way = range(words.way, 0, 1, { step: 0.005, value: 0, oninput: show });
  const truncation = range(words.truncation, 0, 2, { step: 0.01, value: 1, oninput: show });
  const ends = { from: make("span.gs-quiet"), to: make("span.gs-quiet") };
  const truncationWords = make("span"), length = make("span.gs-quiet");
  const straight = make("input", { type: "checkbox", onchange: show });
  const other = make("button", { onclick: () => another() }, words.others);
  const element = make(
    "div.gs-generator-figure",
    shown.element,
    make(
      "div",
      make("label.gs-name", words.way),
      way,
      make("div.gs-ends", ends.from, ends.to),
      make("label.gs-check", straight, words.lerp),
      make("label.gs-name", truncationWords),
      truncation,
      make("div.gs-row", other, length),
    ),
  );
  let seed = 7, keys = null;
  for (const slider of [way, truncation]) slider.addEventListener("change", tried);

  function show() {
    truncationWords.textContent = fill(words.truncation, { value: truncation.valueAsNumber.toFixed(2) });
    if (!keys) return;
    const along = straight.checked ? lerp : slerp;
    const z = along(keys[0], keys[1], way.valueAsNumber).map((value) => value * truncation.valueAsNumber);
    length.textContent = fill(words.length, { value: lengthOf(z).toFixed(1) });
    shown.show(z);
  }

  async function another() {
    try {
      const seeds = [seed, seed + 1];
      keys = await shown.zOf(seeds);
      ends.from.textContent = fill(words.from, { seed: seeds[0] });
      ends.to.textContent = fill(words.to, { seed: seeds[1] });
      seed += 2;
      show();
    } catch (error) {
      failed(error);
    }
  }

  return {
    element,
    begin: another,
    async measure() {
      const zs = await shown.zOf(Array.from({ length: PAIRS }, (_, i) => 5000 + i)), half = PAIRS / 2;
      const ratio = zs.slice(0, half).reduce((sum, a, i) => {
        const b = zs[half + i];
        return sum + (2 * lengthOf(lerp(a, b, 0.5))) / (lengthOf(a) + lengthOf(b)) / half;
      }, 0);
      const gaps = LENGTHS.map((each) => Math.abs(each - ratio));
      return { right: gaps.indexOf(Math.min(...gaps)), values: { count: half, ratio: ratio.toFixed(3) } };
    },
  };
}

/** The straight line. @param {Float32Array} a @param {Float32Array} b @param {number} t */
export const lerp = (a, b, t) => a.map((value, i) => value + t * (b[i] - value));

/** The great circle, as gan.latent.vectors.slerp. @param {Float32Array} a @param {Float32Array} b @param {number} t */
export function slerp(a, b, t) {
  const [la, lb] = [lengthOf(a), lengthOf(b)];
  const cosine = a.reduce((sum, value, i) => sum + value * b[i], 0) / (la * lb), angle = Math.acos(cosine);
  const size = (1 - t) * la + t * lb;
  return a.map((value, i) => {
    const direction = Math.sin((1 - t) * angle) * value / la + Math.sin(t * angle) * b[i] / lb;
    return (size * direction) / Math.sin(angle);
  });
}
