// Numbers as texts.

/**
 * A number in so many significant digits; a dash for what is none.
 * @param {number} value
 * @param {number} [digits]
 */
export const number = (value, digits = 3) =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)).toLocaleString("en", { signDisplay: "negative" }) : "–";

/**
 * Seconds to the tenth.
 * @param {number} seconds
 */
export const tenths = (seconds) => number(Number(seconds.toFixed(1)), 6);

/**
 * A whole number with commas.
 * @param {number} count
 */
export const whole = (count) => Math.round(count).toLocaleString("en");

/**
 * A name as part of a file's name.
 * @param {string} name
 */
export const fileName = (name) => name.replace(/[^\w-]+/g, "-");
