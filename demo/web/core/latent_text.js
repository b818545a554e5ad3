// Latent vectors as text. Python reads and writes the same (gan/latent/text.py); both are tested on
// tests/web/shared_rules.json.

// A z that no seed gives is rounded to 1/STEPS before it is drawn: a link has 16 bits a number, and
// must give the same picture to the pixel.
const STEPS = 4096;
const LARGEST = 32767;

/** Bytes as URL-safe base64 without padding. @param {Uint8Array} bytes */
export const toText = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** The inverse of `toText`. @param {string} text */
export const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

/** @param {number} value */
const steps = (value) => Math.min(Math.max(Math.round(value * STEPS), -LARGEST), LARGEST);

/** `z` to the nearest 1/4096, halves upwards, and within ±8. @param {Iterable<number>} z */
export const roundZ = (z) => Float32Array.from(z, (value) => steps(value) / STEPS);

/** Numbers that `roundZ` has rounded, as text for an address: 8 signs for 3 numbers. @param {Float32Array} z */
export function packZ(z) {
  const view = new DataView(new ArrayBuffer(2 * z.length));
  z.forEach((value, i) => view.setInt16(2 * i, steps(value), true));
  return toText(new Uint8Array(view.buffer));
}

/** The inverse of `packZ`; null for anything but the text of `z_dim` numbers.
 * @param {unknown} text @param {number} z_dim */
export function unpackZ(text, z_dim) {
  const length = Math.ceil((8 * z_dim) / 3);
  if (typeof text !== "string" || text.length !== length || !/^[\w-]*$/.test(text)) return null;
  const view = new DataView(toBytes(text).buffer);
  return Float32Array.from({ length: z_dim }, (_, i) => view.getInt16(2 * i, true) / STEPS);
}

/** Every bit of a latent, for command lines and snippets. @param {ArrayLike<number>} z */
export function exactText(z) {
  const view = new DataView(new ArrayBuffer(4 * z.length));
  Array.from(z).forEach((value, i) => view.setFloat32(4 * i, value, true));
  return `z:${toText(new Uint8Array(view.buffer))}`;
}
