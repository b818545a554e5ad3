// Numbers as text, and seeds as they are typed.
import { MAX_SEED } from "./constants.js";

/** A number in so many significant digits; a dash if not finite. @param {number} value @param {number} [digits] */
export const number = (value, digits = 3) =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)).toLocaleString("en", { signDisplay: "negative" }) : "–";

/** Seconds to the tenth. @param {number} seconds */
export const tenths = (seconds) => number(Number(seconds.toFixed(1)), 6);

/** A whole number with commas. @param {number} count */
export const whole = (count) => Math.round(count).toLocaleString("en");

/** A number with its sign and two decimals. @param {number} value */
export const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);

/** A name as part of a file's name. @param {string} name */
export const fileName = (name) => name.replace(/[^\w-]+/g, "-");

/** The largest seed, to be read. */
export const LARGEST_SEED = MAX_SEED.toLocaleString("en");

/** The message for an invalid seed. */
export const SEED_RULE = `Seeds are whole numbers from 0 to ${LARGEST_SEED}.`;

/** The message for an invalid list of seeds. */
export const SEEDS_RULE = `Type seeds as whole numbers from 0 to ${LARGEST_SEED}, such as 3, 14, 15.`;

/** @param {unknown} value */
export const isSeed = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_SEED;

/** A random seed, short enough to remember. */
export const randomSeed = () => crypto.getRandomValues(new Uint32Array(1))[0] % 1000000;

/** A field's number; NaN where nothing is typed. @param {HTMLInputElement} field */
export const typedNumber = (field) => (field.value === "" ? NaN : field.valueAsNumber);

/** A list of seeds parted by spaces, commas or semicolons; null unless all of it are seeds, one at least.
 * @param {string} text @returns {number[] | null} */
export function readSeeds(text) {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const seeds = parts.map((part) => (/^\d{1,10}$/.test(part) ? Number(part) : NaN));
  return seeds.length && seeds.every(isSeed) ? seeds : null;
}
