// Find: pixels from the search, and the distance of two pictures in numbers and words.
import { imageData } from "../core/api.js";
import { make, paint } from "../core/dom.js";
import { toBytes } from "../core/latent_text.js";

const STRONGER = 3; // of the difference that is shown
// Words for an mse: a rule of thumb, chosen by eye, as the page states.
/** @type {[most: number, words: string][]} */
const WORDS = [
  [0.0002, "the same picture, to the eye"],
  [0.005, "nearly the same"],
  [0.015, "alike"],
  [0.04, "related, not alike"],
  [Infinity, "the nearest that it can draw, and not near"],
];

/** @param {number} value */
export const mseText = (value) =>
  value >= 0.001 ? String(Number(value.toPrecision(2))) : value >= 0.0001 ? value.toFixed(5) : value.toExponential(1);

/** @param {number} mse */
export const wordsFor = (mse) => WORDS.find(([most]) => mse <= most)[1];

/** @param {number} share */
export const percent = (share) => `${Math.round(100 * share)} %`;

/** Raw pixels in base64 -> ImageData. @param {string} text @param {{size: number}} shape */
export const imageOf = (text, { size }) => imageData(toBytes(text), size, size);

/** How far two pictures are apart, as a picture. @param {ImageData} one @param {ImageData} other */
export function differenceOf(one, other) {
  const image = new ImageData(one.width, one.height);
  one.data.forEach((value, i) => {
    image.data[i] = i % 4 === 3 ? 255 : Math.min(255, STRONGER * Math.abs(value - other.data[i]));
  });
  return image;
}

/** The mse that a flat square of the picture's own mean colour would have. @param {{data: Uint8ClampedArray}} image */
export function flatMse({ data }) {
  const means = [0, 1, 2].map((c) => mean(data, (i) => i % 4 === c, (value) => value));
  return mean(data, (i) => i % 4 !== 3, (value, i) => ((value - means[i % 4]) / 255) ** 2);
}

function mean(data, counts, of) {
  let sum = 0, count = 0;
  data.forEach((value, i) => {
    if (counts(i)) {
      sum += of(value, i);
      count++;
    }
  });
  return sum / count;
}

/** Mean brightness along a picture's edge, from 0 to 1. @param {{data: Uint8ClampedArray, width: number}} image */
export function edgeLight({ data, width }) {
  const last = width - 1;
  const onEdge = (i) =>
    i % 4 === 0 && [0, last].some((edge) => (i / 4) % width === edge || Math.floor(i / 4 / width) === edge);
  return mean(data, onEdge, (value) => value) / 255;
}

/** @param {ImageData} image @returns {Promise<Blob>} */
export function pngOf(image) {
  const canvas = make("canvas");
  paint(canvas, image);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
