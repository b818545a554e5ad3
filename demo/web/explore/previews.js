// The small pictures of Explore: strips along the sliders, and the neighbouring seeds.
import { pictures } from "../core/api.js";
import { MAX_SEED } from "../core/constants.js";
import { make, paint } from "../core/dom.js";
import { turns } from "../core/latest_request.js";
import { STOPS } from "./view.js";

const NEIGHBOURS = 12;
const STRIPS_AT_ONCE = 2; // requests: a browser opens six at most, and the picture needs three
const SETTLE_MS = 800; // users who move on sooner need none, and thirty users' previews would load a small server

/** Uses Explore's state and elements: choice is that of a class, zsOf(seeds) promises latents, goTo(seed) goes there.
 * @param {Record<string, any>} explore */
export function previewsOf({ state, view, choice, compose, zsOf, goTo, failed }) {
  // Strips and neighbours are many pictures: they are requested after changes have settled, and
  // cancelled, between two directions, by the next change.
  const settling = turns();
  function settle(delay = SETTLE_MS) {
    const isNewest = settling(), stale = () => !isNewest();
    setTimeout(async () => {
      if (stale()) return;
      try {
        await drawStrips(stale);
        if (!stale()) await drawNeighbours(stale);
      } catch (error) {
        if (!stale()) failed(error);
      }
    }, delay);
  }

  // Moving a slider does not change its own strip.
  async function drawStrips(stale) {
    const old = view.directions.filter((direction) =>
      !direction.row.hidden && direction.drawn !== direction.axis.line()
    );
    while (old.length && !stale()) {
      const places = ({ axis }) => STOPS.map(axis.placeOf), began = performance.now();
      await Promise.all(old.splice(0, STRIPS_AT_ONCE).map((direction) => direction.axis.load(places(direction))));
      // Wait as long as the request took: backs off when the server is busy.
      await new Promise((done) => setTimeout(done, performance.now() - began));
    }
  }

  function paintStrip(direction) {
    const line = direction.axis.line();
    const images = STOPS.map((stop) => line.pictures.get(direction.axis.placeOf(stop)));
    if (direction.drawn === line || !images.every(Boolean)) return;
    direction.drawn = line;
    paintRow(direction.strip, images);
  }

  let neighboured = []; // what the neighbours on the page were drawn for
  async function drawNeighbours(stale) {
    const { info, seed, truncation } = state, wanted = [info, seed, truncation, choice.index];
    if (wanted.every((value, i) => value === neighboured[i])) return;
    const seeds = Array.from({ length: NEIGHBOURS }, (_, i) => (seed + 1 + i) % (MAX_SEED + 1));
    const rows = await zsOf(seeds);
    if (stale()) return;
    const images = await pictures(state.model, rows.map((z) => compose({ z, moves: {}, edits: {} })), true);
    if (stale()) return;
    neighboured = wanted;
    const held = [...view.neighbours.children].indexOf(/** @type {Element} */ (document.activeElement));
    view.neighbours.replaceChildren(...images.map((image, i) => {
      const canvas = make("canvas");
      paint(canvas, image);
      return make("button", {
        disabled: view.lock.getAttribute("aria-pressed") === "true",
        title: `Seed ${seeds[i]}`,
        "aria-label": `Go to seed ${seeds[i]}`,
        onclick: () => goTo(seeds[i]),
      }, canvas);
    }));
    view.neighbours.children[held]?.focus();
  }

  return { settle, paintStrip };
}

// Pictures apart by CELL of their width, each centred where the slider's thumb will be.
const CELL = 1.15;
function paintRow(canvas, images) {
  const { width, height } = images[0];
  canvas.width = Math.round(width * CELL * images.length);
  canvas.height = height;
  const context = canvas.getContext("2d");
  images.forEach((image, i) => context.putImageData(image, Math.round((i + 0.5) * width * CELL - width / 2), 0));
}
