// What several figures need: a model's pictures at latents, the newest answer only.
import { latents, model, pictures } from "../../core/api.js";
import { paint } from "../../core/dom.js";
import { latestRequest } from "../../core/latest_request.js";

/** The mean absolute difference of two pictures, in levels of 256. @param {ImageData} a @param {ImageData} b */
export function difference(a, b) {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i] - b.data[i]);
  return sum / (0.75 * a.data.length); // the fourth channel is always 255
}

/** @param {ArrayLike<number>} z */
export const lengthOf = (z) => Math.hypot(...Array.from(z));

/** One canvas that follows a latent vector. @param {string} name of the model @param {HTMLCanvasElement} canvas
 * @param {(error: Error) => void} failed */
export function follower(name, canvas, failed) {
  const show = latestRequest((z) => pictures(name, [z]), ([image]) => paint(canvas, image), failed);
  return { show, info: () => model(name), zOf: (/** @type {number[]} */ seeds) => latents(name, seeds) };
}
