// Links to a walk: written and read.
import { MAX_FRAMES, MAX_KEYS, MAX_SEED } from "../core/constants.js";
import { pageAddress } from "../core/dom.js";
import { packZ, unpackZ } from "../core/latent_text.js";

/** @import { Key } from "../core/types.d.ts" */

/** Keys are seeds, or the numbers of a latent vector behind a "~".
 * @param {{model: string, keys: Key[], frames: number, mode: string, closed: boolean}} walk */
export function walkLink({ model, keys, frames, mode, closed }) {
  const address = new URL(pageAddress());
  address.searchParams.set("walk", model);
  address.searchParams.set("keys", keys.map(({ seed, z }) => seed ?? `~${packZ(z)}`).join(","));
  address.searchParams.set("frames", String(frames));
  if (mode !== "slerp") address.searchParams.set("way", mode);
  if (closed) address.searchParams.set("closed", "1");
  return address.href;
}

/** The walk in a link. Throws if its keys are malformed; other malformed fields count as
 * missing.
 * @param {number} z_dim how many numbers each latent has */
export function walkFromAddress(z_dim) {
  const fields = new URLSearchParams(location.search), frames = Number(fields.get("frames") ?? NaN);
  const keys = (fields.get("keys") ?? "").split(",").map((text) => {
    const z = text.startsWith("~") ? unpackZ(text.slice(1), z_dim) : null;
    const seed = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (!z && !(seed <= MAX_SEED)) {
      throw new Error("The key pictures of this link do not fit the model, so other ones are shown.");
    }
    return z ? { z } : { seed };
  });
  if (keys.length < 2 || keys.length > MAX_KEYS) {
    throw new Error(`A link to a walk has 2 to ${MAX_KEYS} key pictures: other ones are shown.`);
  }
  return {
    keys,
    frames: Number.isInteger(frames) && frames >= keys.length && frames <= MAX_FRAMES ? frames : undefined,
    mode: fields.get("way") === "lerp" ? "lerp" : "slerp",
    closed: fields.get("closed") === "1",
  };
}

/** The model of the walk in the address, or null. */
export const linkedWalk = () => new URLSearchParams(location.search).get("walk");
