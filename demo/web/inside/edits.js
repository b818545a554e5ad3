// Changes of units: their state, and their text in links and requests (gan/inside/edit_text.py reads all that is
// read here, in the same way: tests/web/shared_rules.json).
import { MASK_GRID as GRID, MAX_UNIT_FACTOR } from "../core/constants.js";
import { toBytes, toText } from "../core/latent_text.js";
import { pullText, readPull, stepsLeft } from "./pulls.js";
import { readStage, stageTexts, withStage } from "./stage_latents.js";

/**
 * @typedef {{way: "more" | "less", part: string, mask: Uint8Array}} Stroke where units of a part are on or off: GRID²
 *   numbers, 0 or 1
 * @typedef {object} Edits never changed: each change makes others
 * @property {Record<string, number>} only of a layer the one unit that is left on
 * @property {Record<string, number>} factors of "layer.unit"
 * @property {Stroke[]} strokes at most one for each part and way
 * @property {import("./pulls.js").Pull[]} pulls of points, one after another
 * @property {import("./stage_latents.js").Stages} stages that draw by a latent of their own
 */

/** @returns {Edits} */
export const noEdits = () => ({ only: {}, factors: {}, strokes: [], pulls: [], stages: {} });

/** @param {Edits} edits */
export const isEdited = ({ only, factors, strokes, pulls, stages }) =>
  [Object.keys(only), Object.keys(factors), strokes, pulls, Object.keys(stages)].some(({ length }) => length);

/** @param {Edits} edits @param {number} layer @param {number} unit @param {number} factor 1 leaves it as it is
 * @returns {Edits} */
export function withFactor(edits, layer, unit, factor) {
  // What was switched off by another's being the only one is on again.
  if (edits.only[layer] !== undefined && edits.only[layer] !== unit) edits = withOnly(edits, layer, null);
  const { [`${layer}.${unit}`]: _before, ...factors } = edits.factors;
  return { ...edits, factors: factor === 1 ? factors : { ...factors, [`${layer}.${unit}`]: factor } };
}

/** @param {Edits} edits @param {number} layer @param {number | null} unit that is left on; null: all are
 * @returns {Edits} */
export function withOnly(edits, layer, unit) {
  const { [layer]: _before, ...only } = edits.only;
  return { ...edits, only: unit === null ? only : { ...only, [layer]: unit } };
}

/** What a unit is multiplied by. @param {Edits} edits @param {number} layer @param {number} unit */
export function factorOf({ only, factors }, layer, unit) {
  if (layer in only && only[layer] !== unit) return 0;
  return factors[`${layer}.${unit}`] ?? 1;
}

/** Paint a round dot. A place of a part is never both more and less; the eraser clears all parts there.
 * @param {Edits} edits @param {"more" | "less" | "erase"} way @param {string} part
 * @param {{x: number, y: number, radius: number}} dot in cells of the mask @returns {Edits} */
export function withDot(edits, way, part, dot) {
  const cleared = edits.strokes.flatMap((stroke) => {
    const hit = way === "erase" || (stroke.part === part && stroke.way !== way);
    const mask = hit ? marked(stroke.mask, dot, 0) : stroke.mask;
    return mask.includes(1) ? [{ ...stroke, mask }] : [];
  });
  if (way === "erase") return { ...edits, strokes: cleared };
  const found = cleared.find((stroke) => stroke.part === part && stroke.way === way);
  const mask = marked(found?.mask ?? new Uint8Array(GRID * GRID), dot, 1), painted = { way, part, mask };
  const strokes = found ? cleared.map((stroke) => stroke === found ? painted : stroke) : [...cleared, painted];
  return { ...edits, strokes };
}

function marked(mask, { x, y, radius }, value) {
  const changed = mask.slice();
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      if (Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius) changed[row * GRID + column] = value;
    }
  }
  return changed;
}

/** @param {Edits} edits */
export const textOf = ({ only, factors, strokes, pulls, stages }) =>
  [
    ...stageTexts(stages),
    ...Object.entries(only).map(([layer, unit]) => `${layer}.${unit}only`),
    ...Object.entries(factors).map(([unit, factor]) => `${unit}x${factor}`),
    ...strokes.map(({ way, part, mask }) => `${way}.${part.replaceAll(" ", "_")}.${packMask(mask)}`),
    ...pulls.map(pullText),
  ].join(",");

/** The edits of a text; null for any other text. @param {string} text @param {{units: number}[]} layers
 * @returns {Edits | null} */
export function readEdits(text, layers) {
  let edits = noEdits();
  for (const part of text.split(",").filter(Boolean)) {
    const unit = part.match(/^(\d{1,3})\.(\d{1,4})(?:x(\d(?:\.\d{1,6})?)|only)$/);
    const pull = readPull(part), moved = readStage(part);
    const stroke = part.match(/^(more|less)\.([a-z0-9_]{1,24})\.([\w-]{171})$/);
    if (pull) edits.pulls.push(pull);
    else if (moved) edits = { ...edits, stages: withStage(edits.stages, ...moved) };
    else if (unit) {
      const [layer, index] = [Number(unit[1]), Number(unit[2])], factor = Number(unit[3] ?? 1);
      if (!(index < layers[layer]?.units) || factor > MAX_UNIT_FACTOR) return null;
      if (unit[3] === undefined) edits = withOnly(edits, layer, index);
      else edits = { ...edits, factors: { ...edits.factors, [`${layer}.${index}`]: factor } };
    } else if (stroke) {
      const way = /** @type {"more" | "less"} */ (stroke[1]), mask = unpackMask(stroke[3]);
      edits.strokes.push({ way, part: stroke[2].replaceAll("_", " "), mask });
    } else return null;
  }
  return stepsLeft(edits.pulls) >= 0 ? edits : null;
}

function packMask(mask) {
  const bytes = new Uint8Array(GRID * GRID / 8);
  mask.forEach((bit, i) => bytes[i >> 3] |= bit << (7 - (i & 7)));
  return toText(bytes);
}

function unpackMask(text) {
  const bytes = toBytes(text);
  return Uint8Array.from({ length: GRID * GRID }, (_, i) => (bytes[i >> 3] >> (7 - (i & 7))) & 1);
}
