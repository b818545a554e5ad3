// Points: requests to a point session, and parsing of its answers (demo/routes/points.py).
import { fetchRoute, query, url } from "../core/api.js";

const KINDS = { float32: Float32Array, uint8: Uint8Array };

/** The name of the user's data. */
export const CUSTOM_DATA = "own.csv";

/** How many of the user's points fit into a link. */
export const MAX_LINKED = 500;

/** A blob: uint32 length of a JSON header, the header, then the arrays that it names, in its order.
 * @param {ArrayBuffer} buffer */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  for (const part of [header, ...header.frames]) {
    for (const [name, [kind, shape]] of Object.entries(part.arrays)) {
      const Kind = KINDS[kind], bytes = shape.reduce((all, side) => all * side, 1) * Kind.BYTES_PER_ELEMENT;
      part[name] = new Kind(buffer.slice(at, at + bytes));
      at += bytes;
    }
  }
  return header;
}

async function post(path, body) {
  const response = await fetchRoute(`points/${path}`, { method: "POST", body });
  return { session: response.headers.get("X-Game"), response };
}

async function blob(path, values) {
  const { session, response } = await post(path, JSON.stringify(values));
  return { session, ...unpack(await response.arrayBuffer()) };
}

/** Parse points from text or a file, fitted into the square; `total` counts them before sampling.
 * @param {string | Blob} text */
export async function read(text) {
  const { response } = await post("read", text);
  const points = [...new Float32Array(await response.arrayBuffer())];
  return { points, total: Number(response.headers.get("X-Points")) };
}

/** PNG pictures, each behind its length -> a GIF. @param {Blob[]} pictures @param {number} ms a frame */
export async function gif(pictures, ms) {
  const parts = pictures.flatMap((picture) => [new Uint8Array(new Uint32Array([picture.size]).buffer), picture]);
  const { response } = await post(`gif?${query({ ms })}`, new Blob(parts));
  return response.blob();
}

/** Fakes as CSV. @param {string} session its id */
export const samples = async (session) => (await post(`${session}/samples`, "{}")).response.blob();

/** Ends a session; it works while the page is being closed. @param {string} session */
export const close = (session) => navigator.sendBeacon(url(`points/${session}/close`));

/** The methods and the data that are on offer. */
export const about = async () => (await fetchRoute("points/about")).json();

/** The finished session that the tab opens on. */
export const show = async () => unpack(await (await fetchRoute("points/show")).arrayBuffer());

/** A drawing quantised to a byte a coordinate, as links store it.
 * @param {number[]} points */
export const quantised = (points) => points.map((value) => Math.round((value + 1) * 127.5) / 127.5 - 1);

/** At most so many points, evenly chosen. @param {number[]} points x, y, x, y, … @param {number} [most] */
export function thinned(points, most = MAX_LINKED) {
  const count = points.length / 2;
  if (count <= most) return points;
  const chosen = Array.from({ length: most }, (_, i) => Math.floor((i * count) / most));
  return chosen.flatMap((i) => [points[2 * i], points[2 * i + 1]]);
}

const wide = (text) => text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const narrow = (text) => text.replaceAll("-", "+").replaceAll("_", "/");

/** A session as text for an address; `pair` are the settings of a second one.
 * @param {{settings: object, step: number, points?: number[] | null, pair?: object | null}} session */
export function encode({ settings, step, points, pair }) {
  const bytes = points && thinned(points).map((value) => Math.round((Math.max(-1, Math.min(1, value)) + 1) * 127.5));
  const content = {
    s: settings,
    n: step,
    ...(pair ? { b: pair } : {}),
    ...(bytes ? { p: wide(btoa(String.fromCharCode(...bytes))) } : {}),
  };
  return wide(btoa(unescape(encodeURIComponent(JSON.stringify(content)))));
}

/** The inverse of `encode`; null where the text is no such thing. @param {string} text */
export function decode(text) {
  try {
    const { s: settings, n: step, p, b: pair } = JSON.parse(decodeURIComponent(escape(atob(narrow(text)))));
    if (typeof settings !== "object" || settings === null || Array.isArray(settings)) return null;
    const points = typeof p === "string"
      ? [...atob(narrow(p))].map((letter) => letter.charCodeAt(0) / 127.5 - 1)
      : null;
    return { settings, step, points, pair: typeof pair === "object" ? pair : null };
  } catch {
    return null;
  }
}

/** Open a session; `instead` is the previous one's id, whose process it may reuse.
 * @param {object} settings @param {number[] | null} points @param {string | null} instead */
export const open = (settings, points, instead) => blob("open", { settings, points, instead });

/** Send a request to a session: play, pause, look, step, ….
 * @param {string} session @param {string} name @param {object} [values] */
export const request = (session, name, values = {}) => blob(`${session}/${name}`, values);
