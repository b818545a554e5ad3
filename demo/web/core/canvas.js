// Pictures on canvases, each source pixel a whole square.
import { make } from "./dom.js";

/**
 * @param {HTMLCanvasElement} canvas takes the picture's size
 * @param {ImageData} image
 */
export function paint(canvas, image) {
  if (canvas.width !== image.width || canvas.height !== image.height) {
    canvas.width = image.width;
    canvas.height = image.height;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/**
 * Show a square canvas at a whole factor of the source's size, counted in the screen's own dots.
 * @param {HTMLCanvasElement} canvas
 * @param {number} side of the source, in pixels
 * @param {number} room in CSS pixels
 */
export function fitFactor(canvas, side, room) {
  const dots = window.devicePixelRatio || 1;
  const factor = Math.max(1, Math.floor((room * dots) / side)) / dots;
  canvas.style.width = canvas.style.height = `${factor * side}px`;
}

/**
 * The same inside `box`, `most` CSS pixels wide at most.
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} box
 * @param {number} side
 * @param {number} most
 */
export const fitWhole = (canvas, box, side, most) => fitFactor(canvas, side, Math.min(box.clientWidth, most));

/**
 * A copy at the largest whole factor that is at most `side` pixels wide.
 * @param {HTMLCanvasElement} canvas
 * @param {number} side
 */
export function enlarged(canvas, side) {
  const scale = Math.max(1, Math.floor(side / canvas.width));
  const large = make("canvas", { width: canvas.width * scale, height: canvas.height * scale });
  const context = large.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, large.width, large.height);
  return large;
}
