// Requests to the routes beside Gradio (demo/routes/rendering.py): pixels, latents, models.

import { UPLOAD_TOKEN } from "./constants.js";

// This file is served as …/gradio_api/ganscope/web/DIGEST/core/api.js, next to the routes that it calls. So the
// address is correct behind any proxy, in an iframe and under a sub-path.
const ROUTES = new URL("../../../", import.meta.url).href;

/** The address of a route. @param {string} path */
export const url = (path) => ROUTES + path;

/** @type {HeadersInit} */
let identity = {};

/** Have all requests say which page they come from, so that a class behind one address is not taken for one visitor.
 * @param {string} token the page's */
export const identify = (token) => {
  identity = { [UPLOAD_TOKEN]: token };
};

/** Fetch a route; throws an Error with a message for the user.
 * @param {string} path @param {RequestInit} [options] its headers as an object
 * @returns {Promise<Response>} one whose status is OK */
export async function fetchRoute(path, options = {}) {
  let response;
  try {
    response = await fetch(url(path), { ...options, headers: { ...identity, ...options.headers } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server did not answer. Check the connection, then try again.");
  }
  if (response.ok) {
    document.body?.classList.add("gs-fast"); // routes get through: see demo/tabs/fallback.py
    return response;
  }
  const answer = await response.json().catch(() => ({}));
  const error = new Error(answer.error || "The server could not do this. Try again.");
  throw Object.assign(error, { status: response.status });
}

/** A query string of an address. @param {Record<string, any>} values */
export const query = (values) => new URLSearchParams(values).toString();

/** A generator's description: {z_dim, size, channels, parameters, sets, …}. @param {string} name */
export const model = async (name) => (await fetchRoute(`model?${query({ name })}`)).json();

/** The latents of seeds, one each. @param {string} model @param {number[]} seeds @returns {Promise<Float32Array[]>} */
export async function latents(model, seeds) {
  const response = await fetchRoute(`latents?${query({ model, seeds: seeds.join(",") })}`);
  const numbers = new Float32Array(await response.arrayBuffer());
  return rowsOf(numbers, numbers.length / seeds.length);
}

/** The rows of a matrix that came as one array. @param {Float32Array} numbers @param {number} length of a row */
export const rowsOf = (numbers, length) =>
  Array.from({ length: numbers.length / length }, (_, i) => numbers.slice(i * length, (i + 1) * length));

/** @param {Float32Array[]} rows */
function joined(rows) {
  const length = rows[0].length;
  const body = new Float32Array(rows.length * length);
  rows.forEach((row, i) => body.set(row, i * length));
  return body;
}

/** The pictures of latents. @param {string} model @param {Float32Array[]} rows @param {boolean} [draft] at most
 * DRAFT wide and high, which is sooner there: for what moves, or is shown small @returns {Promise<ImageData[]>} */
export async function pictures(model, rows, draft = false) {
  const path = `pictures?${query({ model, ...(draft && { draft }) })}`;
  return unpack(await fetchRoute(path, { method: "POST", body: joined(rows) }));
}

/** A walk through key latents, in the format `settings.format`.
 * @param {string} model @param {Float32Array[]} keys @param {Record<string, any>} settings */
export const walk = (model, keys, settings) =>
  fetchRoute(`walk?${query({ model, ...settings })}`, { method: "POST", body: joined(keys) });

/** Raw pixels (H, W, C) as ImageData. @param {Uint8Array} bytes @param {number} width @param {number} height */
export function imageData(bytes, width, height) {
  const image = new ImageData(width, height), channels = bytes.length / (width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 4; c++) {
      image.data[4 * pixel + c] = c === 3 ? 255 : bytes[pixel * channels + (channels === 3 ? c : 0)];
    }
  }
  return image;
}

/** Raw pixels (N, H, W, C) as ImageData, one for each picture. @param {Response} response */
export async function unpack(response) {
  const [count, height, width, channels] = response.headers.get("X-Shape").split(",").map(Number);
  const bytes = new Uint8Array(await response.arrayBuffer()), size = height * width * channels;
  return Array.from({ length: count }, (_, i) => imageData(bytes.subarray(i * size, (i + 1) * size), width, height));
}
