// Reading a link's fields. What is wrong with one is a sentence for the user, and the field counts as missing.
import { isSeed, LARGEST_SEED } from "./numbers.js";

const MAX_SHOWN = 40; // letters of a wrong value

/** The sentence about a field's value. @param {string} name @param {string} value
 * @param {string} rule such as "is no number from 0 to 2" */
export const wrongField = (name, value, rule) =>
  `In this link, ${name}=${value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value} ${rule}.`;

// As Python reads numbers too: not 0x10, 0b1 or Infinity.
const DECIMAL = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;

/** A decimal number in full; NaN for anything else. @param {string} text */
export const numberIn = (text) => (DECIMAL.test(text) ? Number(text) : NaN);

/** Reads fields one by one; `problems` are the sentences about those that are wrong.
 * @param {URLSearchParams} fields */
export function fieldReader(fields) {
  /** @type {string[]} */
  const problems = [];

  /** The value read(text); undefined where the field is missing, or `read` returns undefined.
   * @template Value @param {string} name @param {(text: string) => Value | undefined} read @param {string} rule */
  function field(name, read, rule) {
    const text = fields.get(name);
    if (text === null) return undefined;
    const value = read(text);
    if (value === undefined) problems.push(wrongField(name, text, rule));
    return value;
  }

  return {
    problems,
    field,
    /** @param {string} name @param {number} low @param {number} high */
    number: (name, low, high) =>
      field(name, (text) => inside(numberIn(text), low, high), `is no number from ${low} to ${high}`),
    /** @param {string} name @param {number} low @param {number} high */
    integer: (name, low, high) =>
      field(name, (text) => {
        const value = numberIn(text);
        return Number.isInteger(value) ? inside(value, low, high) : undefined;
      }, `is no whole number from ${low} to ${high}`),
    /** @param {string} name */
    seed: (name) => field(name, seedIn, SEED_WORDS),
    /** @param {string} name @param {string[]} options */
    choice: (name, options) =>
      field(name, (text) => (options.includes(text) ? text : undefined), `is none of ${options.join(", ")}`),
    /** The parts of a list parted by commas: read(part) of each, undefined for one that is wrong.
     * @template Value @param {string} name @param {(part: string) => Value | undefined} read @param {string} rule
     * @param {number} [most] parts */
    list(name, read, rule, most = Infinity) {
      const parts = (fields.get(name) ?? "").split(",").filter(Boolean);
      const values = parts.slice(0, most).map(read), bad = values.indexOf(undefined);
      if (bad >= 0) problems.push(wrongField(name, parts[bad], rule));
      else if (parts.length > most) problems.push(`In this link, ${name} has ${parts.length} parts: at most ${most}.`);
      return values.filter((value) => value !== undefined);
    },
  };
}

const SEED_WORDS = `is no whole number from 0 to ${LARGEST_SEED}`;
/** @param {string} text */
function seedIn(text) {
  const value = numberIn(text);
  return isSeed(value) ? value : undefined;
}

/** @param {number} value @param {number} low @param {number} high */
const inside = (value, low, high) => (value >= low && value <= high ? value : undefined);
