// How a drawing becomes a picture for a network. Grey ones get it as MNIST has its digits: white on black,
// scaled and centred (for photographs, gan/images/mnist_style.py does that).
import { make } from "../core/dom.js";

/** @typedef {{points: number[][], width?: number, colour?: string}} Stroke points in parts of the sheet's side */

/** In parts of the picture's side; of MNIST's digits in 32×32 (LeCun et al. 1998: fitted into 20×20, their centre of
 * mass in the middle) the stroke is about 3 pixels wide. */
export const DIGIT = { box: 20 / 32, width: 3 / 32 };
const MIN_EXTENT = 0.12; // of the sheet: a dot is not blown up to a disc
const FINE = 8; // parts of a pixel, in each direction, that are drawn before they are averaged
const SOFT = 10; // such parts that one pixel is the mean of: a little more than its own, for soft edges

/** A stroke as a curve through the middles between its points.
 * @param {CanvasRenderingContext2D} brush @param {Stroke} stroke @param {number} scale */
function trace(brush, { points, width, colour }, scale) {
  brush.strokeStyle = brush.fillStyle = colour;
  brush.lineWidth = width * scale;
  brush.lineCap = brush.lineJoin = "round";
  brush.beginPath();
  /** @type {[number, number][]} */
  const at = points.map(([x, y]) => [x * scale, y * scale]);
  if (at.length === 1) {
    brush.arc(...at[0], brush.lineWidth / 2, 0, 7);
    return brush.fill();
  }
  brush.moveTo(...at[0]);
  for (let i = 1; i < at.length - 1; i++) {
    brush.quadraticCurveTo(...at[i], (at[i][0] + at[i + 1][0]) / 2, (at[i][1] + at[i + 1][1]) / 2);
  }
  brush.lineTo(...at[at.length - 1]);
  brush.stroke();
}

/** Strokes on a ground, as a canvas. @param {Stroke[]} strokes @param {number} side @param {string} ground */
export function drawn(strokes, side, ground) {
  const canvas = make("canvas", { width: side, height: side }),
    brush = canvas.getContext("2d", { willReadFrequently: true });
  brush.fillStyle = ground;
  brush.fillRect(0, 0, side, side);
  for (const stroke of strokes) trace(brush, stroke, side);
  return canvas;
}

/** Each pixel the mean of a square of the finer drawing: what `drawImage` does differs by browser.
 * @param {HTMLCanvasElement} fine @param {number} size @param {number} soft */
export function averaged(fine, size, soft) {
  const side = fine.width, { data } = fine.getContext("2d").getImageData(0, 0, side, side);
  const image = new ImageData(size, size), over = (soft - FINE) / 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const top = Math.max(0, y * FINE - over), left = Math.max(0, x * FINE - over);
      const bottom = Math.min(side, top + soft), right = Math.min(side, left + soft), sum = [0, 0, 0];
      for (let v = top; v < bottom; v++) {
        for (let u = left; u < right; u++) for (let c = 0; c < 3; c++) sum[c] += data[4 * (v * side + u) + c];
      }
      const to = 4 * (y * size + x), area = (bottom - top) * (right - left);
      sum.forEach((value, c) => {
        image.data[to + c] = Math.round(value / area);
      });
      image.data[to + 3] = 255;
    }
  }
  return image;
}

/** Strokes scaled so that they fill MNIST's box, about the middle of what they span.
 * @param {Stroke[]} strokes @returns {Stroke[]} */
export function fitted(strokes) {
  const all = strokes.flatMap(({ points }) => points), xs = all.map(([x]) => x), ys = all.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = (DIGIT.box - DIGIT.width) / Math.max(right - left, bottom - top, MIN_EXTENT);
  const middle = [(left + right) / 2, (top + bottom) / 2];
  return strokes.map(({ points }) => ({
    colour: "#ffffff",
    width: DIGIT.width,
    points: points.map((spot) => spot.map((value, i) => 0.5 + (value - middle[i]) * scale)),
  }));
}

/** @param {Stroke[]} strokes @param {number[]} by */
export const moved = (strokes, by) =>
  strokes.map((stroke) => ({ ...stroke, points: stroke.points.map((spot) => spot.map((value, i) => value + by[i])) }));

/** The centre of mass of what is light, in parts of the side.
 * @param {{data: ArrayLike<number>, width: number}} image */
export function centreOf({ data, width }) {
  let mass = 0, x = 0, y = 0;
  for (let i = 0; i < data.length; i += 4) {
    mass += data[i];
    x += data[i] * ((i / 4) % width + 0.5);
    y += data[i] * (Math.floor(i / 4 / width) + 0.5);
  }
  return [x / mass / width, y / mass / width];
}

/** Strokes as ImageData (size, size). @param {Stroke[]} strokes @param {number} size @param {boolean} grey */
export function pictureOf(strokes, size, grey) {
  if (!grey) return averaged(drawn(strokes, size * FINE, "#ffffff"), size, FINE);
  const placed = fitted(strokes), centre = centreOf(averaged(drawn(placed, size * FINE, "#000000"), size, FINE));
  return averaged(drawn(moved(placed, centre.map((value) => 0.5 - value)), size * FINE, "#000000"), size, SOFT);
}
