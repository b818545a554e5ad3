// Points: drawing one moment of a session on a canvas, layer by layer. Stateless.
const LAYERS = ["noise", "surface", "manifold", "real", "trails", "fake", "pulls"];
const ACTORS = ["real", "fake", "discriminator", "generator", "gradient", "ink", "line", "ground", "quiet"];
const TINT = 105, EARLY = 0.7; // of 255: how strong its colours are where D is sure; below 1, they show early

/** Frames that a trail is drawn through. */
export const TRAIL = 14;
const MAX_ARROW = 0.07; // of the square's side: what the longer arrows take
const CELLS = 48;

/** The actors' colours, as the style sheet has them for an element.
 * @param {Element} element @returns {Record<string, string>} */
export function paletteOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(ACTORS.map((name) => [name, style.getPropertyValue(`--gs-${name}`).trim()]));
}

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** Data's coordinates -> pixels of a square canvas.
 * @param {{corner: number[], side: number}} about @param {number} size */
export function frameOf({ corner, side }, size) {
  return { x: (x) => ((x - corner[0]) / side) * size, y: (y) => (1 - (y - corner[1]) / side) * size, size };
}

// Green where D says real, purple where it says fake, clear where it guesses.
function paintSurface(pen, surface, palette, size) {
  const real = rgb(palette.real), fake = rgb(palette.fake);
  const image = new ImageData(CELLS, CELLS);
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const belief = surface[row * CELLS + column] / 255, to = 4 * ((CELLS - 1 - row) * CELLS + column);
      const colour = belief > 0.5 ? real : fake;
      image.data.set([...colour, TINT * (Math.abs(belief - 0.5) * 2) ** EARLY], to);
    }
  }
  const small = document.createElement("canvas");
  small.width = small.height = CELLS;
  small.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(small, 0, 0, size, size);
}

// Where D guesses: D(x) = ½. Marching squares between the centres of the cells.
function paintContour(pen, surface, palette, size, scale) {
  const at = (row, column) => surface[row * CELLS + column] / 255 - 0.5;
  const place = (row, column) => [((column + 0.5) / CELLS) * size, (1 - (row + 0.5) / CELLS) * size];
  pen.strokeStyle = palette.discriminator;
  pen.lineWidth = 1.75 * scale;
  pen.setLineDash([]);
  pen.beginPath();
  for (let row = 0; row < CELLS - 1; row++) {
    for (let column = 0; column < CELLS - 1; column++) {
      const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]];
      const values = corners.map(([r, c]) => at(r, c));
      const cuts = [];
      for (let k = 0; k < 4; k++) {
        const a = values[k], b = values[(k + 1) % 4];
        if (a > 0 === b > 0) continue;
        const [x1, y1] = place(...corners[k]), [x2, y2] = place(...corners[(k + 1) % 4]), t = a / (a - b);
        cuts.push([x1 + t * (x2 - x1), y1 + t * (y2 - y1)]);
      }
      for (let k = 0; k + 1 < cuts.length; k += 2) {
        pen.moveTo(...cuts[k]);
        pen.lineTo(...cuts[k + 1]);
      }
    }
  }
  pen.stroke();
}

// The noise's own grid, warped by G: the denser a cell, the stronger its orange.
function paintManifold(pen, grid, palette, to, scale) {
  const count = grid.length / 2, lines = Math.round(Math.sqrt(count));
  pen.strokeStyle = pen.fillStyle = palette.generator;
  pen.lineWidth = 0.75 * scale;
  const spot = (i) => [to.x(grid[2 * i]), to.y(grid[2 * i + 1])];
  if (lines * lines !== count || count < 100) {
    pen.lineWidth = 2.5 * scale;
    pen.beginPath();
    for (let i = 0; i < count; i++) pen[i ? "lineTo" : "moveTo"](...spot(i));
    pen.stroke();
    return;
  }
  const usual = (to.size * to.size) / ((lines - 1) * (lines - 1));
  for (let i = 0; i < lines - 1; i++) {
    for (let j = 0; j < lines - 1; j++) {
      const [a, b, c, d] = [i * lines + j, (i + 1) * lines + j, (i + 1) * lines + j + 1, i * lines + j + 1].map(spot);
      const area = Math.abs((c[0] - a[0]) * (d[1] - b[1]) - (d[0] - b[0]) * (c[1] - a[1])) / 2;
      pen.globalAlpha = Math.min(0.5, 0.02 + (0.03 * usual) / Math.max(area, 1));
      pen.beginPath();
      for (const [k, corner] of [a, b, c, d].entries()) pen[k ? "lineTo" : "moveTo"](...corner);
      pen.closePath();
      pen.fill();
      pen.globalAlpha = 0.35;
      pen.stroke();
    }
  }
  pen.globalAlpha = 1;
}

// Reals are circles and fakes diamonds, not told apart by colour alone.
function dots(pen, points, to, radius, shape, count = points.length / 2) {
  pen.beginPath();
  for (let i = 0; i < count; i++) {
    const x = to.x(points[2 * i]), y = to.y(points[2 * i + 1]);
    if (!(Math.abs(x) < 1e5 && Math.abs(y) < 1e5)) continue;
    if (shape === "circle") {
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 7);
    } else {
      pen.moveTo(x, y - radius * 1.35);
      pen.lineTo(x + radius * 1.35, y);
      pen.lineTo(x, y + radius * 1.35);
      pen.lineTo(x - radius * 1.35, y);
      pen.closePath();
    }
  }
  pen.fill();
}

function paintTrails(pen, frames, palette, to, scale) {
  pen.strokeStyle = palette.fake;
  pen.lineWidth = scale;
  const recent = frames.slice(-TRAIL);
  for (let k = 1; k < recent.length; k++) {
    pen.globalAlpha = (0.4 * k) / recent.length;
    pen.beginPath();
    const [from, next] = [recent[k - 1].fakes, recent[k].fakes];
    for (let i = 0; i < next.length; i += 2) {
      pen.moveTo(to.x(from[i]), to.y(from[i + 1]));
      pen.lineTo(to.x(next[i]), to.y(next[i + 1]));
    }
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

// The longer arrows are MAX_ARROW, and all keep their proportions.
function reachOf(pulls) {
  const lengths = Array.from({ length: pulls.length / 2 }, (_, i) => Math.hypot(pulls[2 * i], pulls[2 * i + 1]))
    .filter(Number.isFinite).sort((a, b) => a - b);
  return lengths[Math.floor(0.95 * (lengths.length - 1))] || 1;
}

function paintPulls(pen, fakes, pulls, palette, to, scale) {
  const factor = (MAX_ARROW * to.size) / reachOf(pulls);
  pen.strokeStyle = palette.gradient;
  pen.lineWidth = 1.1 * scale;
  pen.globalAlpha = 0.85;
  pen.beginPath();
  for (let i = 0; i < fakes.length; i += 2) {
    let dx = pulls[i] * factor, dy = -pulls[i + 1] * factor;
    const length = Math.hypot(dx, dy), most = 2 * MAX_ARROW * to.size;
    if (!(length > 0.5)) continue;
    if (length > most) [dx, dy] = [(dx * most) / length, (dy * most) / length];
    const x = to.x(fakes[i]), y = to.y(fakes[i + 1]), head = Math.min(3 * scale, length / 2);
    const angle = Math.atan2(dy, dx);
    pen.moveTo(x, y);
    pen.lineTo(x + dx, y + dy);
    for (const turn of [2.6, -2.6]) {
      pen.moveTo(x + dx, y + dy);
      pen.lineTo(x + dx + head * Math.cos(angle + turn), y + dy + head * Math.sin(angle + turn));
    }
  }
  pen.stroke();
  pen.globalAlpha = 1;
}

function ring(pen, x, y, palette, scale) {
  for (const [colour, width] of [[palette.ground, 5], [palette.ink, 2]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width * scale;
    pen.beginPath();
    pen.arc(x, y, 8 * scale, 0, 7);
    pen.stroke();
  }
}

/**
 * Clears a square canvas and draws `layers` (a set of LAYERS) of a moment. `bare`: for a small view, with smaller
 * dots.
 * @param {HTMLCanvasElement} canvas
 * @param {{about: any, frame: any, trail?: any[], palette: Record<string, string>, layers: Set<string>,
 *   picked?: number | null, bare?: boolean}} scene
 */
export function paint(canvas, { about, frame, trail = [], palette, layers, picked = null, bare = false }) {
  const size = canvas.width, pen = canvas.getContext("2d"), scale = size / (canvas.clientWidth || size);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = palette.ground;
  pen.fillRect(0, 0, size, size);
  if (!about || !frame) return;
  const to = frameOf(about, size), dot = (bare ? 1.1 : 2.4) * scale;
  const draw = {
    surface: () => {
      paintSurface(pen, frame.surface, palette, size);
      paintContour(pen, frame.surface, palette, size, bare ? 0.7 * scale : scale);
    },
    noise: () => paintNoise(canvas, { about, palette, picked }),
    manifold: () => frame.grid.length && paintManifold(pen, frame.grid, palette, to, scale),
    real: () => {
      pen.fillStyle = palette.real;
      pen.globalAlpha *= 0.55;
      dots(pen, about.real, to, dot, "circle");
    },
    trails: () => paintTrails(pen, trail, palette, to, scale),
    fake: () => {
      pen.fillStyle = palette.fake;
      dots(pen, frame.fakes, to, dot, "diamond");
    },
    pulls: () => paintPulls(pen, frame.fakes, frame.pulls, palette, to, scale),
  };
  for (const layer of LAYERS) {
    if (!layers.has(layer)) continue;
    draw[layer]();
    pen.globalAlpha = 1;
  }
  if (layers.has("noise")) return;
  const words = bare && emptyWords({ about, frame, layers });
  if (words) note(pen, words, palette, size, scale);
  if (picked !== null) ring(pen, to.x(frame.fakes[2 * picked]), to.y(frame.fakes[2 * picked + 1]), palette, scale);
}

// Text for a small view that has nothing to show.
function emptyWords({ about: { corner, side }, frame, layers }) {
  if (layers.has("manifold") && !frame.grid.length) return "no grid: z is longer than 2";
  if (!layers.has("fake") && !layers.has("manifold")) return "";
  const inside = (value, low) => value >= low && value <= low + side;
  const seen = frame.fakes.some((x, i) => i % 2 === 0 && inside(x, corner[0]) && inside(frame.fakes[i + 1], corner[1]));
  return seen ? "" : "all fakes are outside";
}

function note(pen, words, palette, size, scale) {
  pen.fillStyle = palette.quiet;
  pen.font = `${10 * scale}px system-ui, sans-serif`;
  const lines = words.split(/(?<=:) |(?<=are) /);
  lines.forEach((line, i) =>
    pen.fillText(line, 4 * scale, size / 2 + (i - lines.length / 2 + 1) * 12 * scale, size - 8 * scale)
  );
}

const REACH = 3; // of the noise that its view shows

/** The noise: its first two numbers, or its only one along a line.
 * @param {{z: ArrayLike<number>, chosen: {z_dim: number}}} about @param {number} size
 * @returns {[number, number][]} */
export function noisePlaces(about, size) {
  const { z, chosen } = about, length = chosen.z_dim, count = z.length / length;
  const along = (value) => (0.5 + value / (2 * REACH)) * size;
  return Array.from({ length: count }, (_, i) => [
    along(z[i * length]),
    length > 1 ? size - along(z[i * length + 1]) : size / 2 + (((i * 7) % 11) - 5) * size * 0.012,
  ]);
}

/** The noise alone.
 * @param {HTMLCanvasElement} canvas
 * @param {{about: any, palette: Record<string, string>, picked?: number | null}} scene */
export function paintNoise(canvas, { about, palette, picked = null }) {
  const size = canvas.width, pen = canvas.getContext("2d"), scale = size / (canvas.clientWidth || size);
  pen.fillStyle = palette.ground;
  pen.fillRect(0, 0, size, size);
  if (!about) return;
  const places = noisePlaces(about, size);
  pen.fillStyle = palette.quiet;
  dots(pen, places.flat(), { x: (x) => x, y: (y) => y }, 1.2 * scale, "circle");
  if (picked !== null) ring(pen, ...places[picked], palette, 0.7 * scale);
}

/** Backing pixels for a canvas that is shown `width` CSS pixels wide.
 * @param {HTMLCanvasElement} canvas @param {number} width */
export function fit(canvas, width) {
  const size = Math.round(width * (window.devicePixelRatio || 1));
  if (canvas.width !== size || canvas.height !== size) canvas.width = canvas.height = size;
}
