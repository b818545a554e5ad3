// Explore's state as fields of an address: written and read.
import { fieldsNow } from "../core/address.js";
import { MAX_DIRECTIONS, MAX_TRUNCATION, REACH, TABS } from "../core/constants.js";
import { modelOfLink, otherWeights } from "../core/earlier_weights.js";
import { packZ, unpackZ } from "../core/latent_text.js";
import { fieldReader, numberIn, wrongField } from "../core/link_fields.js";

const NAMED = ["named", "classes", "pca"]; // sets whose moves have names
const LARGEST_EDIT = 4;

/** The fields that restore Explore's state; none before a model is open. @param {any} state of explore.js
 * @param {string} [chosen] the chosen class */
export function fieldsFrom({ model, info, seed, zName, z, truncation, set, moves, edits }, chosen) {
  /** @type {Record<string, any>} */
  const fields = {};
  if (!info) return fields;
  Object.assign(fields, { model, weights: info.weights });
  if (zName) fields.at = packZ(z);
  else fields.seed = seed;
  if (chosen !== undefined) fields.class = chosen;
  Object.assign(fields, { truncation, set });
  for (const { key, directions } of info.sets) writeMoves(fields, key, directions, moves[key]);
  const numbers = Object.entries(edits).map(([i, value]) => `${i}:${value}`);
  if (numbers.length) fields.z = numbers.join(",");
  return fields;
}

// SeFa's moves are numbers in order, as in old links; those of other
// sets have names, which stay valid when their order changes.
function writeMoves(fields, key, directions, amounts) {
  if (!amounts?.some(Boolean)) return;
  const named = directions.flatMap(({ name }, k) => (amounts[k] ? [`${name}:${amounts[k]}`] : []));
  if (key === "sefa") fields.moves = amounts.join(",");
  else fields[key] = named.join(",");
}

/** A value from -most to most; undefined for anything else. @param {string | undefined} text @param {number} most */
function within(text, most) {
  const value = numberIn(text ?? "");
  return Math.abs(value) <= most ? value : undefined;
}

/** "glasses:1.5" -> ["glasses", 1.5]. @param {string} part */
function namedMove(part) {
  const [name, text, ...more] = part.split(":"), value = within(text, REACH);
  return value === undefined || more.length || !/^[A-Za-z0-9][A-Za-z0-9 -]{0,23}$/.test(name)
    ? undefined
    : /** @type {[string, number]} */ ([name, value]);
}

/** "3:1.25" -> [3, 1.25], the fourth number of z. @param {string} part */
function edit(part) {
  const [place, text, ...more] = part.split(":"), value = within(text, LARGEST_EDIT);
  return value === undefined || more.length || !/^\d{1,4}$/.test(place)
    ? undefined
    : /** @type {[number, number]} */ ([Number(place), value]);
}

function readMoves({ field, list }) {
  const moves = {}, numbers = `is no list of numbers from -${REACH} to ${REACH}`;
  const plain = field("moves", (text) => {
    const values = text.split(",").map((part) => within(part, REACH));
    return values.includes(undefined) ? undefined : values;
  }, numbers);
  if (plain) moves.sefa = plain;
  const rule = `is no direction with a number from -${REACH} to ${REACH}, such as glasses:1.5`;
  for (const key of NAMED) {
    const pairs = list(key, namedMove, rule, MAX_DIRECTIONS);
    if (pairs.length) moves[key] = pairs;
  }
  return moves;
}

/** The state in an address. Wrong fields count as missing; `problems` has a sentence about each.
 * @param {URLSearchParams} [fields] @returns {Record<string, any>} */
export function fromAddress(fields = fieldsNow()) {
  const read = fieldReader(fields), wanted = /** @type {Record<string, any>} */ ({});
  read.choice("tab", TABS);
  const shown = ["seed", "at", "z", "moves", ...NAMED].some((name) => fields.get(name));
  if (fields.get("model")) wanted.model = shown ? modelOfLink(fields, fields.get("model")) : fields.get("model");
  for (
    const [name, value] of [
      ["seed", read.seed("seed")],
      ["truncation", read.number("truncation", 0, MAX_TRUNCATION)],
      ["set", read.choice("set", [...NAMED, "sefa"])],
    ]
  ) if (value !== undefined) wanted[name] = value;
  for (const name of ["weights", "at", "class"]) if (fields.get(name)) wanted[name] = fields.get(name);
  wanted.moves = readMoves(read);
  const places = `is no number of z with a value from -${LARGEST_EDIT} to ${LARGEST_EDIT}, such as 3:1.25`;
  wanted.edits = Object.fromEntries(read.list("z", edit, places));
  return { ...wanted, problems: read.problems };
}

/** The request to open what an address names: the state, and `check(info)`, which gives a sentence about each field
 * that does not fit its model. @param {URLSearchParams} [fields] @returns {Record<string, any>} */
export function requestFrom(fields = fieldsNow()) {
  const wanted = fromAddress(fields);
  return { ...wanted, check: (info) => misfits(wanted, info) };
}

/** What of a link does not fit its model: sentences. @param {any} wanted of `fromAddress`
 * @param {any} info */
export function misfits({ model, weights, at, set, moves, edits }, info) {
  const { z_dim, sets } = info;
  const known = new Map(sets.map(({ key, directions }) => [key, directions]));
  const found = otherWeights(weights, info, model);
  if (at && !unpackZ(at, z_dim)) {
    found.push(wrongField("at", at, `does not fit ${model ?? "the model"}: a seed is shown`));
  }
  if (set && !known.has(set)) {
    found.push(wrongField("set", set, `is none of this model's: ${[...known.keys()].join(", ")}`));
  }
  for (const [key, wished] of Object.entries(moves)) found.push(...strangers(key, wished, known.get(key)));
  const far = Object.keys(edits).find((place) => Number(place) >= z_dim);
  if (far) found.push(wrongField("z", `${far}:${edits[far]}`, `is beyond this model's z0 to z${z_dim - 1}`));
  return found;
}

function strangers(key, wished, directions) {
  if (key === "sefa") {
    const most = directions?.length ?? 0;
    return wished.slice(most).some(Boolean)
      ? [`In this link, moves has ${wished.length} numbers: this model has ${most} directions.`]
      : [];
  }
  if (!directions) return [`In this link, ${key} has directions that this model does not have.`];
  const name = wished.map(([name]) => name).find((name) => !directions.some((one) => one.name === name));
  return name === undefined ? [] : [wrongField(key, name, "is no direction of this model")];
}
