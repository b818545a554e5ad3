// Breed's requests: latents and pictures of persons and of litters.
import { ask, latents, pictures, query, rowsOf } from "../core/api.js";
import { unpackZ } from "../core/latent_text.js";
import { COUNT } from "./grid.js";

/** A litter's latents and pictures; the persons that its recipe lists get theirs, where they have none yet.
 * @param {{model: string, info: any, family: ReturnType<typeof import("./lineage.js").lineage>, now: any}} request
 * @returns {Promise<{zs: Float32Array[], images: ImageData[]}>} */
export async function litterOf({ model, info, family, now }) {
  const { text, ids } = family.recipe(now);
  const response = await ask(`children?${query({ model, count: COUNT })}`, { method: "POST", body: text });
  const rows = rowsOf(new Float32Array(await response.arrayBuffer()), info.z_dim);
  const missing = ids.map((_, i) => i).filter((i) => !family.people[ids[i]].image);
  const drawn = await pictures(model, [...rows.slice(ids.length), ...missing.map((i) => rows[i])]);
  ids.forEach((id, i) => {
    family.people[id].z ??= rows[i];
  });
  missing.forEach((i, k) => {
    family.people[ids[i]].image = drawn[COUNT + k];
  });
  return { zs: rows.slice(ids.length), images: drawn.slice(0, COUNT) };
}

/** Give persons their latents and pictures, where they have none yet.
 * @param {string} model @param {number} z_dim @param {import("./lineage.js").Person[]} people */
export async function fill(model, z_dim, people) {
  const seeds = people.filter((one) => !one.z && one.kind === "seed");
  if (seeds.length) {
    (await latents(model, seeds.map((one) => one.seed))).forEach((z, i) => {
      seeds[i].z = z;
    });
  }
  for (const one of people) if (one.kind === "own") one.z ??= unpackZ(one.text, z_dim);
  const bare = people.filter((one) => !one.image);
  if (bare.length) {
    (await pictures(model, bare.map((one) => one.z))).forEach((image, i) => {
      bare[i].image = image;
    });
  }
}
