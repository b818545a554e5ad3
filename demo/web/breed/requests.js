// Breed's requests: latents and pictures of individuals and of offspring.
import { fetchRoute, latents, pictures, query, rowsOf } from "../core/api.js";
import { unpackZ } from "../core/latent_text.js";
import { COUNT } from "./grid.js";

/** Latents and pictures of the offspring; also fills in those that the recipe's individuals lack.
 * @param {{model: string, info: any, family: ReturnType<typeof import("./lineage.js").lineage>, now: any}} request
 * @returns {Promise<{zs: Float32Array[], images: ImageData[]}>} */
export async function offspringOf({ model, info, family, now }) {
  const { text, ids } = family.recipe(now);
  const response = await fetchRoute(`children?${query({ model, count: COUNT })}`, { method: "POST", body: text });
  const rows = rowsOf(new Float32Array(await response.arrayBuffer()), info.z_dim);
  const missing = ids.map((_, i) => i).filter((i) => !family.individuals[ids[i]].image);
  const drawn = await pictures(model, [...rows.slice(ids.length), ...missing.map((i) => rows[i])]);
  ids.forEach((id, i) => {
    family.individuals[id].z ??= rows[i];
  });
  missing.forEach((i, k) => {
    family.individuals[ids[i]].image = drawn[COUNT + k];
  });
  return { zs: rows.slice(ids.length), images: drawn.slice(0, COUNT) };
}

/** Fetch the missing latents and pictures of individuals.
 * @param {string} model @param {number} z_dim @param {import("./lineage.js").Individual[]} individuals */
export async function fill(model, z_dim, individuals) {
  const seeds = individuals.filter((one) => !one.z && one.kind === "seed");
  if (seeds.length) {
    (await latents(model, seeds.map((one) => one.seed))).forEach((z, i) => {
      seeds[i].z = z;
    });
  }
  for (const one of individuals) if (one.kind === "latent") one.z ??= unpackZ(one.text, z_dim);
  const bare = individuals.filter((one) => !one.image);
  if (bare.length) {
    (await pictures(model, bare.map((one) => one.z))).forEach((image, i) => {
      bare[i].image = image;
    });
  }
}
