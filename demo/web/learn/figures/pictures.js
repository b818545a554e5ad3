// What several figures need: a model's pictures at latents, the newest answer only.
import { latents, pictures } from "../../core/api.js";
import { make, paint } from "../../core/dom.js";
import { fitFactor, smoothly } from "../../core/enlarge.js";
import { latestRequest } from "../../core/latest_request.js";

/** The mean absolute difference of two pictures, in levels of 256. @param {ImageData} a @param {ImageData} b */
export function difference(a, b) {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i] - b.data[i]);
  return sum / (0.75 * a.data.length); // the fourth channel is always 255
}

/** @param {ArrayLike<number>} z */
export const lengthOf = (z) => Math.hypot(...Array.from(z));

const SIDE = 256; // CSS pixels at most

/** A picture that follows a latent vector. @param {string} name of the model @param {string} label of the picture
 * @param {(error: Error) => void} failed */
export function follower(name, label, failed) {
  const canvas = make("canvas.gs-picture", { role: "img", "aria-label": label });
  const show = latestRequest((z) => pictures(name, [z]), ([image]) => {
    if (canvas.width !== image.width) fitFactor(canvas, image.width, SIDE);
    paint(canvas, image);
  }, failed);
  return { element: smoothly(canvas), show, zOf: (/** @type {number[]} */ seeds) => latents(name, seeds) };
}
