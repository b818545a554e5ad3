// Requests the first model and latent while Gradio still builds the page: the page's head runs this module.
import { fieldsNow } from "../core/address.js";
import { latents, model } from "../core/api.js";

/** The default seed: of the first faces the one that looks best. */
export const FIRST_SEED = 5;

/** The state in the page's address, which most visits do not have. @type {Record<string, any>} */
export const wanted = fieldsNow().toString() ? await linked() : {};

// Both modules at once: the one imports the other.
async function linked() {
  const [{ requestFrom }] = await Promise.all([import("./link.js"), import("../core/link_fields.js")]);
  return requestFrom();
}

/** A model's description and the latent of a seed. @param {string} name @param {number} seed */
async function load(name, seed) {
  const [info, [z]] = await Promise.all([model(name), latents(name, [seed])]);
  return { info, z };
}

// The model in the menu, as the page's settings have it; a link may name another.
const view = window.gradio_config?.components?.find(({ props }) => props.html_template?.includes("gs-explore"));
const first = {
  name: wanted.model ?? view?.props.value.model,
  seed: wanted.seed ?? FIRST_SEED,
  /** @type {ReturnType<typeof load> | null} */
  loading: null,
};
if (first.name) {
  first.loading = load(first.name, first.seed);
  first.loading.catch(() => {}); // reported when the model is opened
}

/** As `load`, but reuses the early request. @param {string} name @param {number} seed */
export function loadOnce(name, seed) {
  const early = name === first.name && seed === first.seed ? first.loading : null;
  first.loading = null;
  return early ?? load(name, seed);
}
