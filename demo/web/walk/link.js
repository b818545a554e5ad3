// A walk as fields of an address: written and read.
import { fieldsOf } from "../core/address.js";
import { MAX_FRAMES, MAX_KEYS } from "../core/constants.js";
import { otherWeights } from "../core/earlier_weights.js";
import { packZ, unpackZ } from "../core/latent_text.js";
import { fieldReader, wrongField } from "../core/link_fields.js";
import { isSeed, LARGEST_SEED } from "../core/numbers.js";

/** @import { Key } from "../core/types.d.ts" */

/** Keys are seeds, or the numbers of a latent vector behind a "~". No fields without a walk.
 * @param {{model: string | null, info: any, keys: Key[], frames: number, mode: string, closed: boolean,
 *   text?: string}} walk `text` is the class of all keys, if one is chosen */
export function walkFields({ model, info, keys, frames, mode, closed, text }) {
  /** @type {Record<string, any>} */
  const fields = {};
  if (!model || keys.length < 2) return fields;
  Object.assign(fields, { walk: model, weights: info.weights });
  fields.keys = keys.map(({ seed, z }) => seed ?? `~${packZ(z)}`).join(",");
  if (Number.isInteger(frames)) fields.frames = frames;
  if (mode !== "slerp") fields.way = mode;
  if (closed) fields.closed = 1;
  if (text !== undefined) fields.class = text;
  return fields;
}

/** The walk in fields; `problems` are sentences about those that are wrong, which count as missing. Throws without two
 * good key pictures.
 * @param {any} info the model's @param {URLSearchParams} [fields] */
export function walkFrom(info, fields = fieldsOf("walk")) {
  const read = fieldReader(fields), keys = (fields.get("keys") ?? "").split(",").filter(Boolean);
  const good = keys.map((text) => keyIn(text, info.z_dim)), bad = keys[good.indexOf(null)];
  if (bad !== undefined) {
    const rule = `do not fit the model: a key is a seed from 0 to ${LARGEST_SEED}, or ~ and a latent vector`;
    throw new Error(`${wrongField("keys", bad, rule)} Other key pictures are shown.`);
  }
  if (keys.length < 2 || keys.length > MAX_KEYS) {
    throw new Error(
      `In this link, keys has ${keys.length} of the 2 to ${MAX_KEYS} key pictures: other ones are shown.`,
    );
  }
  return {
    keys: good,
    frames: read.integer("frames", keys.length, MAX_FRAMES),
    mode: read.choice("way", ["slerp", "lerp"]) ?? "slerp",
    closed: read.choice("closed", ["0", "1"]) === "1",
    problems: [...read.problems, ...otherWeights(fields.get("weights"), info, info.name)],
  };
}

function keyIn(text, z_dim) {
  const z = text.startsWith("~") ? unpackZ(text.slice(1), z_dim) : null;
  if (z) return { z };
  return /^\d{1,10}$/.test(text) && isSeed(Number(text)) ? { seed: Number(text) } : null;
}
