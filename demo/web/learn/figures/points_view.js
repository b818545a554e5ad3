// A small session on points, for the figures that train one: the plane, and the session behind it.
import { make } from "../../core/dom.js";
import { fit, paint, paletteOf } from "../../points/plane_canvas.js";
import { pointSession } from "../../points/session.js";

const SIDE = 300; // CSS pixels at most
const LAYERS = ["surface", "real", "fake"];

/** @param {object} options
 * @param {string} options.label @param {(error: Error) => void} options.failed @param {() => void} [options.changed] */
export function pointsView({ label, failed, changed = () => {} }) {
  const stage = make("canvas.gs-picture.gs-plane", { role: "img", "aria-label": label });
  const box = make("div.gs-plane-box", stage);
  /** @type {any} */
  let part = null;
  const session = pointSession({
    changed: () => {
      draw();
      changed();
    },
    failed,
  });

  function draw() {
    const frame = part?.frame ?? session.frames.at(-1);
    if (!frame || !box.clientWidth) return;
    fit(stage, Math.min(box.clientWidth, SIDE));
    stage.style.width = stage.style.height = `${Math.min(box.clientWidth, SIDE)}px`;
    const layers = new Set(part?.layers ?? LAYERS), trail = part ? [part.before, part.frame] : [];
    paint(stage, { about: session.about, frame, trail, palette: paletteOf(box), layers });
  }

  return {
    element: box,
    session,
    draw,
    /** Show a part of a step, or again the newest moment. @param {any} value */
    part(value) {
      part = value;
      draw();
    },
  };
}

/** Wait until a session has stopped. @param {any} session */
export async function stopped(session) {
  while (session.running) await new Promise((done) => setTimeout(done, 100));
}
