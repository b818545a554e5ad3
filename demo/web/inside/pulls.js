// Pulls of points as text in edits (gan/inside/pull_text.py reads the same).
import { MAX_HOLDS, MAX_PULL_POINTS, MAX_PULL_STEPS, MAX_PULLS, MAX_TOTAL_PULL_STEPS } from "../core/constants.js";

/**
 * @typedef {[number, number]} Place in pixels of the picture, from its top left
 * @typedef {{pairs: [Place, Place][], steps: number, holds: Place[]}} Pull `holds`: what is to stay meanwhile
 */

const NUMBER = "\\d{1,3}(?:-\\d)?", PAIR = `${NUMBER}(?:\\.${NUMBER}){3}`;
const PULL = new RegExp(`^pull\\.(${PAIR}(?:\\+${PAIR})*)x(\\d{1,2})((?:h${NUMBER}\\.${NUMBER})*)$`);
const digits = (number) => number.toFixed(1).replace(/\.0$/, "").replace(".", "-");
const places = (text) => text.split(".").map((number) => Number(number.replace("-", ".")));

const placeText = (place) => place.map(digits).join(".");

/** @param {Pull} pull */
export const pullText = ({ pairs, steps, holds }) =>
  `pull.${pairs.map((pair) => pair.map(placeText).join(".")).join("+")}x${steps}` +
  holds.map((place) => `h${placeText(place)}`).join("");

/** @param {string} text @returns {Pull | null} */
export function readPull(text) {
  const found = text.match(PULL);
  if (!found || Number(found[2]) > MAX_PULL_STEPS) return null;
  const pairs = found[1].split("+").map((pair) => {
    const [x, y, toX, toY] = places(pair);
    return /** @type {[Place, Place]} */ ([[x, y], [toX, toY]]);
  });
  const holds = found[3].split("h").slice(1).map((place) => /** @type {Place} */ (places(place)));
  if (pairs.length > MAX_PULL_POINTS || holds.length > MAX_HOLDS) return null;
  return { pairs, steps: Number(found[2]), holds };
}

/** How many steps more these pulls may have, -1 or less if they are too many. @param {Pull[]} pulls */
export function stepsLeft(pulls) {
  const left = MAX_TOTAL_PULL_STEPS - pulls.reduce((sum, { steps }) => sum + steps, 0);
  return pulls.length > MAX_PULLS ? -1 : left;
}

/** Whether all places lie in a picture of this side. @param {Pull[]} pulls @param {number} size */
export const liesWithin = (pulls, size) =>
  pulls.every(({ pairs, holds }) => [pairs, holds].flat(4).every((number) => number <= size));
