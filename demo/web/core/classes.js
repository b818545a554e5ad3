// The class that z determines, chosen. Python has the same rule (gan/latent/classes.py); both are tested on
// tests/web/shared_rules.json.

// By how much the number of a chosen class leads the others, at least: a step of latents in links (latent_text.js).
const LEAD = 1 / 4096;

/** @typedef {{classes: number, class_names: string[]}} Classes of a model; `classes` is 0 without any */

/** The class of z: the place of the largest of its first `classes` numbers.
 * @param {ArrayLike<number>} z @param {number} classes */
export function classOf(z, classes) {
  let largest = 0;
  for (let i = 1; i < classes; i++) if (z[i] > z[largest]) largest = i;
  return largest;
}

/** A copy of z changed to class `index`: its number changes places with the largest of the first `classes`.
 * @param {Float32Array} z @param {number} classes @param {number} index */
export function withClass(z, classes, index) {
  const changed = Float32Array.from(z), largest = classOf(z, classes);
  [changed[largest], changed[index]] = [z[index], z[largest]];
  return keepClass(changed, classes, index);
}

/** A copy of z whose number `index` leads the other ones of the first `classes`, so that a move along a direction does
 * not leave the class, nor jumps. @param {Float32Array} z @param {number} classes @param {number} index */
export function keepClass(z, classes, index) {
  const kept = Float32Array.from(z);
  for (let i = 0; i < classes; i++) if (i !== index) kept[index] = Math.max(kept[index], z[i] + LEAD);
  return kept;
}

/** What a class is called. @param {Classes} model @param {number} index */
export const classTitle = ({ class_names }, index) => class_names[index] ?? `class ${index}`;

/** A class in links and for the server: its name, or its number where it has none. @param {Classes} model
 * @param {number} index */
export const classText = ({ class_names }, index) => class_names[index] ?? String(index);

/** The class that a text means: a name or, where no class is called so, a number. Undefined where there is none.
 * @param {Classes} model @param {string} text @returns {number | undefined} */
export function classIn({ classes, class_names }, text) {
  const named = class_names.indexOf(text.trim());
  if (named >= 0) return named;
  return /^\s*\d{1,4}\s*$/.test(text) && Number(text) < classes ? Number(text) : undefined;
}

const MAX_LISTED = 20;
/** What a link's class must be, in words that follow "class=…". @param {Classes} model */
export function classRule({ classes, class_names }) {
  if (!class_names.length) return `is no class of this model, a number from 0 to ${classes - 1}`;
  const more = classes > MAX_LISTED ? ` and ${classes - MAX_LISTED} more` : "";
  return `is no class of this model: ${class_names.slice(0, MAX_LISTED).join(", ")}${more}`;
}
