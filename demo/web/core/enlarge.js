// How pictures are enlarged. Below SMOOTH_FROM pixels each of them is a whole square. Larger ones are resampled, unless
// somebody wants to see the pixels. A canvas itself always holds exactly the picture's pixels: these are what is saved.

/** From this side on, in pixels, a picture is resampled. */
export const SMOOTH_FROM = 64;

// Without a graphics card resampling takes some milliseconds: a picture that follows a slider is scaled by the browser,
// and resampled when it has been still for so long.
const MOVING_MS = 120;
const MAX_SIDE = 1024; // of the enlarged copy, in pixels

/** @typedef {{side: number, room: number}} Fit */
/** @typedef {{copy: HTMLCanvasElement, pen: CanvasRenderingContext2D, painted: number, rest: number}} Layer */
/** @type {WeakMap<HTMLCanvasElement, Fit>} */
const fits = new WeakMap();
/** @type {WeakMap<HTMLCanvasElement, Layer>} */
const layers = new WeakMap();
/** @type {WeakSet<HTMLCanvasElement>} */
const painted = new WeakSet();
/** @type {(() => void)[]} */
const followers = [];
let pixels = false;

/** Whether pictures of that side are resampled now. @param {number} side */
export const isSmooth = (side) => side >= SMOOTH_FROM && !pixels;

/** Show the pixels of all pictures, or no longer. @param {boolean} on */
export function showPixels(on) {
  pixels = on;
  for (const canvas of document.querySelectorAll("canvas")) {
    const fit = fits.get(canvas);
    if (fit) fitFactor(canvas, fit.side, fit.room);
    else if (painted.has(canvas)) resample(canvas);
  }
  for (const follow of followers) follow();
}

/** Call back when pixels are to be shown, or no longer. @param {() => void} follow */
export const onPixels = (follow) => void followers.push(follow);

/** Show a square canvas in `room` CSS pixels: as large as that where it is resampled, else at a whole factor of the
 * source's size, in device pixels.
 * @param {HTMLCanvasElement} canvas @param {number} side of the source, in pixels @param {number} room */
export function fitFactor(canvas, side, room) {
  fits.set(canvas, { side, room });
  const dots = window.devicePixelRatio || 1, most = Math.floor(room * dots);
  const shown = isSmooth(side) ? Math.max(1, most) : Math.max(1, Math.floor(most / side)) * side;
  canvas.style.width = canvas.style.height = `${shown / dots}px`;
  resample(canvas);
}

/** Resample a large picture well: the browser's own scaling of a canvas is bilinear, which shows a lattice where each
 * pixel becomes eight. Returns what holds the canvas and, over it, its enlarged copy, which no other code sees.
 * @param {HTMLCanvasElement} canvas */
export function smoothly(canvas) {
  const holder = document.createElement("div"), copy = document.createElement("canvas");
  holder.className = "gs-enlarged";
  copy.style.cssText = "position: absolute; inset: 1px; pointer-events: none; border-radius: 3px;";
  holder.append(canvas);
  holder.attachShadow({ mode: "closed" }).append(document.createElement("slot"), copy);
  layers.set(canvas, { copy, pen: copy.getContext("2d", { alpha: false }), painted: -MOVING_MS, rest: 0 });
  resample(canvas);
  return holder;
}

/** Call after a canvas was painted. @param {HTMLCanvasElement} canvas */
export function resample(canvas) {
  painted.add(canvas);
  canvas.classList.toggle("gs-fine", isSmooth(canvas.width)); // for the browser's own scaling
  const layer = layers.get(canvas);
  if (!layer) return;
  const shown = parseFloat(canvas.style.width) || 0, side = Math.round(shown * (window.devicePixelRatio || 1));
  const visible = isSmooth(canvas.width) && side > canvas.width;
  layer.copy.style.display = visible ? "" : "none";
  clearTimeout(layer.rest);
  if (!visible) return;
  layer.copy.style.width = layer.copy.style.height = `${shown}px`;
  const now = performance.now(), moving = now - layer.painted < MOVING_MS;
  layer.painted = now;
  const draw = () => enlarge(canvas, layer, Math.min(side, MAX_SIDE));
  if (!moving) return draw();
  layer.copy.style.visibility = "hidden";
  layer.rest = setTimeout(draw, MOVING_MS);
}

/** @param {HTMLCanvasElement} canvas @param {Layer} layer @param {number} side */
function enlarge(canvas, { copy, pen }, side) {
  if (copy.width !== side) copy.width = copy.height = side;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(canvas, 0, 0, side, side);
  copy.style.visibility = "";
}
