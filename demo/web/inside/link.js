// Inside's state as fields of an address: written and read.
import { otherWeights } from "../core/earlier_weights.js";
import { packZ, roundZ, unpackZ } from "../core/latent_text.js";
import { fieldReader, wrongField } from "../core/link_fields.js";
import { noEdits, readEdits, textOf } from "./edits.js";
import { liesWithin } from "./pulls.js";

/** The fields that restore the state; none before a model is open. @param {any} state of inside.js
 * @returns {Record<string, any>} */
export function fieldsFrom({ model, info, z, seed, label, edits }) {
  if (!info) return {};
  const inside = textOf(edits), start = label === null ? { seed } : { at: packZ(z) };
  return { model, weights: info.weights, ...start, ...(inside && { inside }) };
}

/** The request to open what an address names. @param {URLSearchParams} fields @returns {Record<string, any>} */
export function requestFrom(fields) {
  const read = fieldReader(fields), seed = read.seed("seed"), text = (name) => fields.get(name) ?? undefined;
  return { seed, at: text("at"), edits: text("inside"), weights: text("weights"), problems: read.problems };
}

/** What of a request fits a model: edits, a latent vector if one is given, and sentences about what does not.
 * @param {any} request @param {string} name @param {any} info
 * @param {{layers: {units: number}[], parts: string[]}} inside no parts where nobody has looked for them */
export function fitting({ z, at, edits, weights, problems = [] }, name, info, { layers, parts }) {
  const found = [...problems, ...otherWeights(weights, info, name)];
  const given = z ? roundZ(z) : at ? unpackZ(at, info.z_dim) : null;
  if (at && !given) found.push(wrongField("at", at, "does not fit this model: a seed is shown"));
  const read = edits ? readEdits(edits, layers) : noEdits();
  const strange = parts.length && read?.strokes.some(({ part }) => !parts.includes(part));
  const outside = read && !liesWithin(read.pulls, info.size);
  if (!read || strange || outside) found.push(wrongField("inside", edits, "is no change of this model's units"));
  return {
    edits: strange || outside ? noEdits() : read ?? noEdits(),
    given: given?.length === info.z_dim ? given : null,
    problems: found,
  };
}
