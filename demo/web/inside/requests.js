// Inside's requests (demo/routes/inside.py).
import { fetchRoute, imageData, query, unpack } from "../core/api.js";

const post = (path, model, values) =>
  fetchRoute(`inside/${path}?${query({ model })}`, { method: "POST", body: JSON.stringify(values) });

/** The layers of units of a model, and the parts that they are known to draw. @param {string} model
 * @returns {Promise<{layers: ({side: number, units: number, rectified: boolean} & import("./stages.js").Cost)[],
 *   last: import("./stages.js").Cost, parts: string[]}>} */
export const facts = async (model) => (await fetchRoute(`inside?${query({ model })}`)).json();

/** Have the parts looked for, which may take half a minute. @param {string} model @returns {Promise<string[]>} */
export const findParts = async (model) => (await (await fetchRoute(`inside/parts?${query({ model })}`)).json()).parts;

/** The picture of z with edits. @param {string} model @param {Float32Array} z @param {string} edits */
export async function editedPicture(model, z, edits) {
  return (await unpack(await post("picture", model, { z: [...z], edits })))[0];
}

/** How a picture is built: a guess of it from each layer, and the units of one layer.
 * @param {string} model @param {{z: Float32Array, edits: string, layer: number, part: string, count: number}} wanted */
export async function film(model, { z, ...wanted }) {
  const { guesses, units } = await (await post("film", model, { z: [...z], ...wanted })).json();
  return {
    guesses: guesses.map(({ side, pixels }) => imageData(bytesOf(pixels), side, side)),
    units: units.map((unit) => ({ ...unit, image: mapImage(bytesOf(unit.pixels), unit.side) })),
  };
}

/** What the discriminator says of a picture, and of a real one, with pictures and maps as ImageData.
 * @param {string} model @param {{z: Float32Array, edits: string, seed: number}} wanted */
export async function critic(model, { z, ...wanted }) {
  const { fake, real, side, odds } = await (await post("critic", model, { z: [...z], ...wanted })).json();
  const read = (one) =>
    one && {
      ...one,
      adds: mapImage(bytesOf(one.adds), side),
      hides: mapImage(bytesOf(one.hides), side),
      image: imageData(bytesOf(one.pixels), side, side),
    };
  return { fake: read(fake), real: read(real), odds };
}

const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

const ON = [232, 119, 34], AGAINST = [64, 132, 240]; // of what is positive, and negative

// A unit's map: how strong, as opacity; which way, as colour.
function mapImage(bytes, side) {
  const image = new ImageData(side, side);
  new Int8Array(bytes.buffer).forEach((value, i) => {
    image.data.set([...(value < 0 ? AGAINST : ON), Math.min(255, 2 * Math.abs(value))], 4 * i);
  });
  return image;
}
