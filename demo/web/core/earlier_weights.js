// A link shows the picture that it was made of, also after the weights of its model's name have been replaced.
import { EARLIER_WEIGHTS } from "./constants.js";
import { wrongField } from "./link_fields.js";

/** The model of a link to pictures: links name the weights that drew them; those that name none are older.
 * @param {URLSearchParams} fields @param {string | null} name */
export function modelOfLink(fields, name) {
  const linked = fields.get("weights") ?? "";
  return EARLIER_WEIGHTS.find(([was, weights]) => was === name && weights === linked)?.[2] ?? name;
}

/** A sentence if a link was made of other weights than the model has now, in a list.
 * @param {string | null | undefined} linked the link's field @param {{weights: string}} info @param {string} name */
export const otherWeights = (linked, { weights }, name) =>
  !linked || linked === weights
    ? []
    : [wrongField("weights", linked, `is not what ${name} has now, ${weights}: it draws other pictures`)];

/** The name under which a browser keeps pictures of a model: those of before stay with the earlier weights.
 * @param {string} name @param {{weights: string}} info */
export function placeOf(name, { weights }) {
  const before = EARLIER_WEIGHTS.find(([_was, _weights, now]) => now === name)?.[0];
  return before ?? (EARLIER_WEIGHTS.some(([was]) => was === name) ? `${name} ${weights}` : name);
}
