// Inside's requests (demo/routes/inside.py).
import { fetchRoute, imageData, query, unpack } from "../core/api.js";
import { job } from "../core/jobs.js";

const post = (path, model, values) =>
  fetchRoute(`inside/${path}?${query({ model })}`, { method: "POST", body: JSON.stringify(values) });

/** The layers of units of a model, and the parts that they are known to draw. @param {string} model
 * @returns {Promise<{layers: ({side: number, units: number, rectified: boolean} & import("./stages.js").Cost)[],
 *   last: import("./stages.js").Cost, parts: string[], entrances: string[], mixes: string[]}>} `entrances`: where z
 *   comes in again; `mixes`: each of these with all that are finer */
export const facts = async (model) => (await fetchRoute(`inside?${query({ model })}`)).json();

/** Have the parts looked for, which may take half a minute. @param {string} model @returns {Promise<string[]>} */
export const findParts = async (model) => (await (await fetchRoute(`inside/parts?${query({ model })}`)).json()).parts;

/** The picture of z with edits. @param {string} model @param {Float32Array} z @param {string} edits */
export async function editedPicture(model, z, edits) {
  return (await unpack(await post("picture", model, { z: [...z], edits })))[0];
}

/** The same where edits pull points, and where these are. @param {string} model @param {Float32Array} z
 * @param {string} edits @returns {Promise<{image: ImageData, points: [number, number][], arrived: boolean,
 *   stuck: boolean}>} */
export async function pull(model, z, edits) {
  const { pixels, side, ...said } = await (await post("pull", model, { z: [...z], edits })).json();
  return { ...said, image: imageData(bytesOf(pixels), side, side) };
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
  const { fake, real, odds } = await (await post("critic", model, { z: [...z], ...wanted })).json();
  return { fake: judged(fake), real: real && judged(real), odds };
}

/** Mixtures, row by row. @param {string} model
 * @param {{columns: number[], rows: number[], share: number, level: number, draft?: boolean}} wanted seeds of both */
export const mixed = async (model, wanted) => unpack(await post("mix", model, wanted));

/** What the discriminator says of a picture file, with pictures and maps as ImageData. @param {string} model
 * @param {File} file */
export async function criticOfFile(model, file) {
  const path = `inside/critic/own?${query({ model })}`;
  const said = await job(path, { method: "POST", body: file }).result;
  if (!said) throw new Error("This was stopped before it was done.");
  return judged(said.own);
}

/** The same of a drawing. @param {string} model @param {ImageData} drawing @param {number} channels */
export async function criticOfDrawing(model, { data }, channels) {
  const body = data.filter((_, i) => i % 4 < channels);
  const answer = await fetchRoute(`inside/critic/drawn?${query({ model })}`, { method: "POST", body });
  return judged((await answer.json()).own);
}

const judged = (one) => ({
  ...one,
  adds: mapImage(bytesOf(one.adds), one.side),
  hides: mapImage(bytesOf(one.hides), one.side),
  image: imageData(bytesOf(one.pixels), one.side, one.side),
  stages: one.stages.map((stage) => ({
    ...stage,
    images: stage.maps.map((map) => mapImage(bytesOf(map), stage.side)),
  })),
});

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
