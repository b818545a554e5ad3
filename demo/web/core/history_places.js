// Which moments of a history are fetched, and shown, in which order. Places are indices into its steps.
const NEAR = [1, -1, 2, -2, 3, -3];
const COARSE = 16; // moments fetched over the whole history first

/** The place of the first moment at a step or later; the last one where none is so late.
 * @param {number[]} steps ascending @param {number} step */
export function placeOf(steps, step) {
  const found = steps.findIndex((other) => other >= step);
  return found < 0 ? steps.length - 1 : found;
}

/** The places beside one, nearest first. @param {number} count of all moments @param {number} place */
export const around = (count, place) =>
  NEAR.map((offset) => place + offset).filter((each) => each >= 0 && each < count);

/** All places: few evenly spaced, then those between, then those between these. @param {number} count */
export function coarseFirst(count) {
  const places = new Set(), last = count - 1;
  for (let stride = 2 ** Math.ceil(Math.log2(Math.max(last / COARSE, 1))); stride >= 1; stride /= 2) {
    for (let place = 0; place <= last; place += stride) places.add(place);
  }
  return [...places];
}

/** `most` places at most, evenly spaced from the first to the last. @param {number} count @param {number} most */
export function evenly(count, most) {
  const some = Math.min(count, most);
  return Array.from({ length: some }, (_, i) => Math.round((i * (count - 1)) / Math.max(some - 1, 1)));
}
