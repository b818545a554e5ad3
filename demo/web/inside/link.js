// Inside's state as fields of an address: written and read.
import { otherWeights } from "../core/earlier_weights.js";
import { packZ, roundZ, unpackZ } from "../core/latent_text.js";
import { fieldReader, numberIn, wrongField } from "../core/link_fields.js";
import { isSeed } from "../core/numbers.js";
import { noEdits, readEdits, textOf } from "./edits.js";
import { liesWithin } from "./pulls.js";
import { fitsModel } from "./stage_latents.js";

/** What the folded parts show, as far as they are unfolded.
 * @typedef {{mix?: import("./mix.js").Mix, map?: import("./map.js").LinkedMap}} Folds */

const MOST_SEEDS = 8; // of the columns, and of the rows, of a matrix
const MOST_TIMES = 64; // that a map is enlarged
const short = (/** @type {number} */ value) => String(Math.round(value * 1e4) / 1e4);

/** The fields that restore the state; none before a model is open. @param {any} state of inside.js
 * @param {Folds} folds @returns {Record<string, any>} */
export function fieldsFrom({ model, info, z, seed, label, edits }, { mix, map }) {
  if (!info) return {};
  const inside = textOf(edits), start = label === null ? { seed } : { at: packZ(z) };
  return {
    model,
    weights: info.weights,
    ...start,
    ...(inside && { inside }),
    ...(mix && { mix: mixText(mix) }),
    ...(map && { map: mapText(map) }),
  };
}

const mixText = ({ columns, rows, share, level }) => [columns, rows, short(share), level].join("~");
const mapText = ({ x, y, times, step }) => `${[x, y, times].map(short).join(",")}${step ? `~${step}` : ""}`;

/** What a link mixes, as 5,7~11,42~0.5~0; undefined for anything else. @param {string} text */
export function mixIn(text) {
  const [columns, rows, share, level, ...more] = text.split("~");
  const seeds = [columns, rows].map((list) => (list ?? "").split(",").map(numberIn));
  const fits = !more.length && seeds.every((list) => list.length <= MOST_SEEDS && list.every(isSeed));
  const amounts = { share: numberIn(share ?? ""), level: numberIn(level ?? "") };
  if (!fits || !(amounts.share >= 0 && amounts.share <= 1) || !isSeed(amounts.level)) return undefined;
  return { columns: seeds[0], rows: seeds[1], ...amounts };
}

/** The part of a map that a link shows, as 0.5,0.5,2 or with a step behind ~; undefined for anything else.
 * @param {string} text */
export function mapIn(text) {
  const [numbers, after = "0", ...more] = text.split("~");
  const [x, y, times, ...others] = numbers.split(",").map(numberIn), step = numberIn(after);
  const inside = [x, y].every((value) => value >= 0 && value <= 1) && times >= 1 && times <= MOST_TIMES;
  return inside && isSeed(step) && !more.length && !others.length ? { x, y, times, step } : undefined;
}

/** The request to open what an address names. @param {URLSearchParams} fields @returns {Record<string, any>} */
export function requestFrom(fields) {
  const read = fieldReader(fields), seed = read.seed("seed"), text = (name) => fields.get(name) ?? undefined;
  const mix = read.field("mix", mixIn, "is no mixture of seeds"),
    map = read.field("map", mapIn, "is no place of a map");
  const { problems } = read;
  return { seed, at: text("at"), edits: text("inside"), weights: text("weights"), folds: { mix, map }, problems };
}

/** What of a request fits a model: edits, a latent vector if one is given, folds, and sentences about what does not.
 * @param {any} request @param {string} name @param {any} info
 * @param {{layers: {units: number}[], parts: string[], entrances: string[], mixes: string[]}} inside no parts where
 * nobody has looked for them */
export function fitting(
  { z, at, edits, weights, folds, problems = [] },
  name,
  info,
  { layers, parts, entrances, mixes },
) {
  const found = [...problems, ...otherWeights(weights, info, name)];
  const given = z ? roundZ(z) : at ? unpackZ(at, info.z_dim) : null;
  if (at && !given) found.push(wrongField("at", at, "does not fit this model: a seed is shown"));
  const read = edits ? readEdits(edits, layers) : noEdits();
  const strange = parts.length && read?.strokes.some(({ part }) => !parts.includes(part));
  const outside = read && !(liesWithin(read.pulls, info.size) && fitsModel(read.stages, entrances.length, info.sets));
  if (!read || strange || outside) found.push(wrongField("inside", edits, "is no change of this model's units"));
  const mix = folds?.mix && folds.mix.level < mixes.length ? folds.mix : undefined;
  if (folds?.mix && !mix) found.push(wrongField("mix", mixText(folds.mix), "does not fit this model"));
  const step = info.kept_steps.includes(folds?.map?.step) ? folds.map.step : 0;
  if (folds?.map && step !== folds.map.step) {
    found.push(wrongField("map", mapText(folds.map), "has a step after which this model was not kept"));
  }
  return {
    folds: folds && { mix, map: folds.map && { ...folds.map, step } },
    edits: strange || outside ? noEdits() : read ?? noEdits(),
    given: given?.length === info.z_dim ? given : null,
    problems: found,
  };
}
