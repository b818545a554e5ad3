// Requests the first model and latent while Gradio still builds the page: the page's head runs this module.
import { latents, model } from "../core/api.js";
import { fromAddress } from "./link.js";

/** The default seed. */
export const FIRST_SEED = 42;

/** The state in the page's address. */
export const wanted = fromAddress();

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
