// Pulls of points and places that are held, as text in edits (gan/inside/pull_text.py reads the same).
import { MAX_HOLDS, MAX_PULL_STEPS, MAX_PULLS } from "../core/constants.js";

/**
 * @typedef {[number, number]} Place in pixels of the picture, from its top left
 * @typedef {{pairs: [Place, Place][], steps: number}} Pull
 */

const NUMBER = "\\d{1,3}(?:-\\d)?", PAIR = `${NUMBER}(?:\\.${NUMBER}){3}`;
const PULL = new RegExp(`^pull\\.(${PAIR}(?:\\+${PAIR})*)x(\\d{1,2})$`);
const HOLD = new RegExp(`^hold\\.(${NUMBER}\\.${NUMBER})$`);
const digits = (number) => number.toFixed(1).replace(/\.0$/, "").replace(".", "-");
const places = (text) => text.split(".").map((number) => Number(number.replace("-", ".")));

/** @param {Pull} pull */
export const pullText = ({ pairs, steps }) =>
  `pull.${pairs.map((pair) => pair.flat().map(digits).join(".")).join("+")}x${steps}`;

/** @param {Place} place */
export const holdText = (place) => `hold.${place.map(digits).join(".")}`;

/** @param {string} text @returns {Pull | null} */
export function readPull(text) {
  const found = text.match(PULL);
  if (!found || Number(found[2]) > MAX_PULL_STEPS) return null;
  const pairs = found[1].split("+").map((pair) => {
    const [x, y, toX, toY] = places(pair);
    return /** @type {[Place, Place]} */ ([[x, y], [toX, toY]]);
  });
  return { pairs, steps: Number(found[2]) };
}

/** @param {string} text @returns {Place | null} */
export function readHold(text) {
  const found = text.match(HOLD);
  return found ? /** @type {Place} */ (places(found[1])) : null;
}

/** Whether there are no more of them than the server reads. @param {Pull[]} pulls @param {Place[]} holds */
export const few = (pulls, holds) => pulls.length <= MAX_PULLS && holds.length <= MAX_HOLDS;
