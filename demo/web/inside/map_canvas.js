// The canvas of Inside's map: moved, enlarged, pressed, and drawn on, by mouse, fingers or keyboard.
import { make } from "../core/dom.js";
import { classPlaces, tilesOf } from "./map_tiles.js";

const CELL = 44; // width of a square in CSS pixels, times √½ to √2
const MOST_SQUARES = 128; // of a grid's side
const NEAREST = MOST_SQUARES * CELL, WHEEL = 1.0015, STEP = 1.5, MOVED = 4;
const GAP = 1, FRAME = 2;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @typedef {{x: number, y: number, times: number}} Place the middle (0 to 1), and how much larger than the whole */

/** @param {object} options
 * @param {(index: number) => void} options.choose somebody pressed a picture
 * @param {(path: number[]) => void} options.drawn a path was drawn, through these fakes
 * @param {(index: number) => void} options.pointed by keyboard: the picture in the middle, -1 for none
 * @param {() => void} options.moved another part of the map is shown, or as much of it at another size
 * @param {number} options.most pictures of a path */
export function mapCanvas({ choose, drawn, pointed, moved, most }) {
  const canvas = make("canvas.gs-map", { tabIndex: 0, role: "application" });
  canvas.setAttribute("aria-label", "Map: arrow keys move it, + and − enlarge it, Enter chooses the middle picture");
  const labels = make("div.gs-map-labels", { "aria-hidden": "true" });
  const element = make("div.gs-map-frame", canvas, labels);
  const pen = canvas.getContext("2d");
  const view = { x: 0.5, y: 0.5, zoom: 1 }; // the middle of the canvas, and pixels of the whole map
  let map = null,
    tiles = null,
    sheet = null,
    places = [],
    chosen = -1,
    reals = false,
    path = null,
    keys = false,
    due = 0;
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  const style = getComputedStyle(element); // it is live
  let travelled = 0, fitted = view.zoom;
  /** @type {Place | null} */
  let first = null; // shown once there is room

  const width = () => canvas.clientWidth, height = () => canvas.clientHeight;
  const whole = () => Math.min(width(), height());
  const squares = () => Math.min(MOST_SQUARES, 2 ** Math.max(0, Math.round(Math.log2(view.zoom / CELL))));
  const onScreen = (x, y) => ({
    x: width() / 2 + (x - view.x) * view.zoom,
    y: height() / 2 + (y - view.y) * view.zoom,
  });
  const onMap = ({ x, y }) => ({
    x: view.x + (x - width() / 2) / view.zoom,
    y: view.y + (y - height() / 2) / view.zoom,
  });

  function tileAt(point) {
    const count = squares(), { x, y } = onMap(point);
    return tiles?.at(count).get(`${Math.floor(x * count)},${Math.floor(y * count)}`) ?? null;
  }
  const middle = () => ({ x: width() / 2, y: height() / 2 });
  const shownOf = (tile) => (tile.fake >= 0 ? tile.fake : reals ? tile.real : -1);

  function draw() {
    due = 0;
    if (!map || !width()) return;
    const ratio = devicePixelRatio, wide = Math.round(width() * ratio), high = Math.round(height() * ratio);
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width(), height());
    const count = squares(), cell = view.zoom / count;
    for (const tile of tiles.at(count).values()) drawTile(tile, count, cell);
    if (chosen >= 0) drawFrame(tiles.squareOf(chosen, count), count, cell, "--gs-accent", FRAME + 1);
    if (keys) drawCursor(cell);
    if (path) drawPath(count, cell);
    placeLabels(cell);
  }

  const colour = (name) => style.getPropertyValue(name);

  function drawTile(tile, count, cell) {
    const index = shownOf(tile), { x, y } = onScreen(tile.column / count, tile.row / count), inside = cell - 2 * GAP;
    if (index < 0 || x > width() || y > height() || x < -cell || y < -cell) return;
    const { side, columns } = map, left = index % columns * side, top = Math.floor(index / columns) * side;
    pen.drawImage(sheet, left, top, side, side, x + GAP, y + GAP, inside, inside);
    if (tile.fake < 0) drawFrame(tile, count, cell, "--gs-real", FRAME);
  }

  function drawFrame({ column, row }, count, cell, name, thick) {
    const { x, y } = onScreen(column / count, row / count);
    pen.lineWidth = thick;
    pen.strokeStyle = colour(name);
    pen.strokeRect(x + GAP, y + GAP, cell - 2 * GAP, cell - 2 * GAP);
  }

  // The square that Enter chooses: dark and light, to be seen on any picture.
  function drawCursor(cell) {
    [["--gs-ground", 5], ["--gs-ink", 2]].forEach(([name, thick]) => {
      pen.lineWidth = Number(thick);
      pen.strokeStyle = colour(name);
      pen.strokeRect((width() - cell) / 2, (height() - cell) / 2, cell, cell);
    });
  }

  function drawPath(count, cell) {
    pen.lineWidth = 3;
    pen.lineJoin = "round";
    pen.strokeStyle = colour("--gs-accent");
    pen.beginPath();
    for (const index of path) {
      const { column, row } = tiles.squareOf(index, count), { x, y } = onScreen(column / count, row / count);
      pen.lineTo(x + cell / 2, y + cell / 2);
    }
    pen.stroke();
  }

  // Elements, so that they can be read and translated.
  function placeLabels(cell) {
    places.forEach(({ x, y }, i) => {
      const at = onScreen(x, y), label = /** @type {HTMLElement} */ (labels.children[i]);
      label.hidden = view.zoom > 4 * whole() || at.x < 0 || at.y < 0 || at.x > width() || at.y > height();
      Object.assign(label.style, { left: `${at.x}px`, top: `${at.y + cell / 2}px` });
    });
  }

  const redraw = () => void (due ||= requestAnimationFrame(draw));

  function zoomBy(factor, around = { x: width() / 2, y: height() / 2 }) {
    const fixed = onMap(around);
    view.zoom = Math.min(NEAREST, Math.max(whole(), view.zoom * factor));
    view.x = fixed.x - (around.x - width() / 2) / view.zoom;
    view.y = fixed.y - (around.y - height() / 2) / view.zoom;
    moveBy(0, 0);
  }

  function refit() {
    fitted = whole();
    zoomBy(1);
  }

  function moveBy(x, y) {
    view.x = Math.min(1, Math.max(0, view.x - x / view.zoom));
    view.y = Math.min(1, Math.max(0, view.y - y / view.zoom));
    redraw();
    moved();
  }

  function showWhole() {
    Object.assign(view, { x: 0.5, y: 0.5, zoom: fitted = whole() });
    if (first && fitted) {
      Object.assign(view, { x: first.x, y: first.y, zoom: first.times * fitted });
      first = null;
    }
    redraw();
    moved();
  }

  /** Show a part of the map, or the whole. @param {Place | null} [place] */
  function show(place = null) {
    first = place;
    showWhole();
  }

  function addToPath(tile) {
    if (!tile || tile.fake < 0 || path.at(-1) === tile.fake || path.length >= most) return;
    path.push(tile.fake);
    redraw();
  }

  function press(point) {
    const tile = tileAt(point), index = tile ? shownOf(tile) : -1;
    if (path) addToPath(tile), drawn(path);
    else if (index >= 0) choose(index);
  }

  const pointOf = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  canvas.onpointerdown = (event) => {
    if (event.button || fingers.size > 1) return;
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, pointOf(event));
    keys = false;
    if (fingers.size > 1) return;
    travelled = 0;
    if (path) path.length = 0, addToPath(tileAt(pointOf(event)));
  };
  canvas.onpointermove = (event) => {
    const before = fingers.get(event.pointerId), now = pointOf(event);
    if (!before) return;
    fingers.set(event.pointerId, now);
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = (point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      zoomBy(apart(now) / apart(before), other);
    } else if (path) addToPath(tileAt(now));
    else if (travelled > MOVED) moveBy(now.x - before.x, now.y - before.y);
  };
  const lift = (event) => {
    if (!fingers.delete(event.pointerId) || fingers.size) return;
    if (path) drawn(path);
    else if (travelled <= MOVED && event.type === "pointerup") press(pointOf(event));
  };
  canvas.onpointerup = canvas.onpointercancel = lift;
  canvas.addEventListener("wheel", (event) => {
    // The page scrolls over a map that nobody has pressed.
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    event.preventDefault();
    zoomBy(WHEEL ** -event.deltaY, pointOf(event));
  }, { passive: false });
  canvas.onkeydown = (event) => {
    const arrow = ARROWS[event.key], factor = { "+": STEP, "=": STEP, "-": 1 / STEP }[event.key];
    if (!arrow && !factor && event.key !== "Enter") return;
    event.preventDefault();
    keys = true;
    if (arrow) moveBy(-arrow[0] * CELL, -arrow[1] * CELL);
    else if (factor) zoomBy(factor);
    else press(middle());
    const tile = tileAt(middle());
    pointed(tile ? shownOf(tile) : -1);
    redraw();
  };
  canvas.onblur = () => {
    keys = false;
    redraw();
  };
  // Where the whole is shown it stays so, also of a map that came while its tab was hidden.
  new ResizeObserver(() => view.zoom === fitted ? showWhole() : refit()).observe(canvas);

  return {
    element,
    /** @param {import("./map_tiles.js").LatentMap} content @param {ImageBitmap} pictures its sheet */
    open(content, pictures) {
      map = content;
      sheet = pictures;
      tiles = tilesOf(map);
      places = classPlaces(map);
      labels.replaceChildren(...places.map(({ name }) => make("span", name)));
      path = null;
      show();
    },
    show,
    /** @param {number} index of the picture that is shown elsewhere, -1 for none of the map */
    mark(index) {
      chosen = index;
      redraw();
    },
    /** @param {boolean} on */
    showReals(on) {
      reals = on;
      redraw();
    },
    /** @param {boolean} on whether a path is drawn, instead of pressing pictures */
    drawPaths(on) {
      path = on ? [] : null;
      redraw();
    },
    /** What is in the middle, and how much larger than the whole. @returns {Place} */
    place: () => first ?? ({ x: view.x, y: view.y, times: Math.max(1, view.zoom / (fitted || 1)) }),
    nearer: () => zoomBy(STEP),
    farther: () => zoomBy(1 / STEP),
    showWhole,
  };
}
