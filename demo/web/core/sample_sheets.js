// Sheets of small pictures: fetched once, drawn at integer factors of device pixels.
import { fetchRoute } from "./api.js";
import { make } from "./dom.js";
import { isSmooth } from "./enlarge.js";
import { latestRequest } from "./latest_request.js";

// A whole history is 240 sheets of some 40 kB: compressed 10 MB, decoded 240 MB.
const MAX_KEPT = 300;
const AT_ONCE = 3; // fetched ahead; a browser opens six connections, and visible sheets need two
const MIN_COLUMNS = 5;
const FULL_ENOUGH = 0.85;

/** Of one square of `noise`, in pixels. */
export const NOISE_SIDE = 32;

/** path -> the decoded sheet. The packed bytes are kept, so that going back costs no request. `arrived(path)` is called
 * for each that was fetched ahead.
 * @param {(path: string) => void} arrived */
export function store(arrived) {
  const packed = new Map(), here = new Set();
  let waiting = [], inFlight = 0;

  function fetched(path) {
    if (!packed.has(path)) {
      const blob = fetchRoute(path).then((response) => response.blob());
      blob.then(() => here.add(path), () => packed.delete(path));
      packed.set(path, blob);
      if (packed.size > MAX_KEPT) forget(packed.keys().next().value);
    }
    return packed.get(path);
  }

  function forget(path) {
    packed.delete(path);
    here.delete(path);
  }

  async function fetchNext() {
    const path = waiting.shift();
    inFlight++;
    // Errors of prefetching are ignored.
    await fetched(path).then(() => arrived(path), () => {});
    inFlight--;
    fetchAhead();
  }

  function fetchAhead() {
    while (inFlight < AT_ONCE && waiting.length) fetchNext();
  }

  return {
    open: async (path) => createImageBitmap(await fetched(path)),
    has: (path) => here.has(path),
    // Replaces the queue of the previous call.
    prefetch(paths) {
      waiting = paths.filter((path) => !packed.has(path));
      fetchAhead();
    },
  };
}

/** How a sheet fills `room` CSS pixels: {columns, cell, gap, ratio}, in pixels of the screen. Each source pixel becomes
 * a whole square. Where eight columns would leave much of the room empty, fewer and larger pictures are shown.
 * @param {number} room @param {number} size of a picture in the source @param {number} [most] columns */
export function fit(room, size, most = 8) {
  const ratio = window.devicePixelRatio || 1;
  const gap = Math.max(1, Math.round(ratio / 2));
  const free = Math.floor(room * ratio);
  const plans = [];
  for (let columns = most; columns >= Math.min(MIN_COLUMNS, most); columns--) {
    const factor = Math.floor((free - (columns - 1) * gap) / (columns * size));
    const plan = { columns, cell: factor * size, gap, ratio };
    if (factor > 0 && span(plan, columns) >= FULL_ENOUGH * free) return plan;
    plans.push(plan);
  }
  return plans.reduce((best, plan) => (span(plan, plan.columns) > span(best, best.columns) ? plan : best));
}

/** The width of so many pictures with their gaps. @param {{cell: number, gap: number}} plan @param {number} count */
export const span = ({ cell, gap }, count) => count * cell + (count - 1) * gap;

/** Draws columns × rows pictures of a sheet, each `size` wide in the source; sets the canvas's size.
 * @param {HTMLCanvasElement} canvas @param {ImageBitmap | HTMLCanvasElement} sheet @param {number} size
 * @param {{cell: number, gap: number, ratio: number}} plan @param {number} columns @param {number} rows */
export function paintSheet(canvas, sheet, size, plan, columns, rows) {
  resize(canvas, span(plan, columns), span(plan, rows), plan.ratio);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = plan.cell < size || isSmooth(size);
  pen.imageSmoothingQuality = "high";
  pen.clearRect(0, 0, canvas.width, canvas.height);
  const across = Math.round(sheet.width / size), count = across * Math.round(sheet.height / size);
  const step = plan.cell + plan.gap;
  for (let i = 0; i < Math.min(columns * rows, count); i++) {
    pen.drawImage(
      sheet,
      (i % across) * size,
      Math.floor(i / across) * size,
      size,
      size,
      (i % columns) * step,
      Math.floor(i / columns) * step,
      plan.cell,
      plan.cell,
    );
  }
}

function resize(canvas, width, height, ratio) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.style.width = `${width / ratio}px`;
  canvas.style.height = `${height / ratio}px`;
}

/** Asks for a sheet unless it was the last request; of several under way the newest wins. A sheet that is gone, or was
 * lost on the way, is passed over: what is shown stays.
 * @param {ReturnType<typeof store>} store @param {(frame: any) => void} accept */
export function newestSheet(store, accept) {
  let requested = null;
  const open = latestRequest(async (request) => ({ ...request, sheet: await store.open(request.path) }), accept, () => {
    requested = null;
  }, 2);
  return (request) => {
    if (request.path === requested) return;
    requested = request.path;
    open(request);
  };
}

/** A placeholder for samples before training: fixed grey noise, half transparent, so that it
 * suits dark and light pages. */
export function noise() {
  const side = 8 * NOISE_SIDE, image = new ImageData(side, side);
  let state = 1;
  for (let i = 0; i < image.data.length; i += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const grey = 92 + (state >>> 24) * 0.28;
    image.data.set([grey, grey, grey, 100], i);
  }
  const canvas = make("canvas", { width: side, height: side });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
