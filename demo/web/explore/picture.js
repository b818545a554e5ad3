// Explore's picture: it follows the latent vector, at once where a slider's pictures are cached.
import { pictures } from "../core/api.js";
import { DRAFT } from "../core/constants.js";
import { lazy, paint } from "../core/dom.js";
import { latestRequest, stage } from "../core/latest_request.js";
import { axis } from "../core/slider_cache.js";

const REST_MS = 70; // debounce: a slider at rest

/** A picture on the way from one to another of the same size, at `share` of it.
 * @param {ImageData} one @param {ImageData} other @param {number} share */
function mixed(one, other, share) {
  const picture = new ImageData(one.width, one.height);
  picture.data.forEach((_, i) => picture.data[i] = one.data[i] + share * (other.data[i] - one.data[i]));
  return picture;
}

/**
 * Uses Explore's state and elements: compose(changes) gives the latent vector, identify(changes) tells it from others
 * on the line of a slider, describe() is the picture's name,
 * shown() is called after each picture, settle() when a slider was let go.
 */
export function pictureOf({ state, view, compose, identify, describe, shown, settle, failed }) {
  /** The header's small picture (core/glance.js).
   * @type {Promise<{showGlance: (z: Float32Array, picture: HTMLCanvasElement) => void} | null> | null} */
  let glance = null;
  const screen = stage((image) => {
    shown();
    paint(view.picture, image);
    glance ??= lazy(() => import("../core/glance.js")).catch(() => null);
    glance.then((made) => made?.showGlance(compose(), view.picture));
    view.picture.setAttribute("aria-label", describe());
  });
  const draw = latestRequest(
    ({ z }) => pictures(state.model, [z]),
    ([image], { turn, place, info }) => info === state.info && screen.offer(image, turn, place),
    failed,
  );

  // Whether what moves is drawn smaller than what rests.
  const drafts = () => state.info.size > DRAFT;

  let resting = 0;
  function drawExact(turn, place) {
    stopResting();
    draw({ z: compose(), turn, place, info: state.info });
  }
  function stopResting() {
    clearTimeout(resting);
    resting = 0;
  }

  // After any change but a slider's move.
  const refresh = () => drawExact(screen.aim({}, 0), 0);

  // A slider moved: show the nearest cached picture at once. If it is not exact but near, the
  // exact picture is requested when the slider rests.
  function follow(axis) {
    if (!state.info) return;
    stopResting();
    const place = axis.place(), turn = screen.aim(axis.line(), place), near = axis.nearest(place);
    if (near) screen.offer(near.picture, turn, near.place, drafts());
    if (screen.exact()) draw.forget();
    else if (near && Math.abs(near.place - place) <= axis.reach) resting = setTimeout(drawExact, REST_MS, turn, place);
    else drawExact(turn, place);
  }

  function letGo() {
    if (resting) drawExact(screen.turn(), screen.turn().goal);
    settle();
  }

  // Prefetched pictures arrived, perhaps for the slider that is being dragged.
  function arrived(axis) {
    const turn = screen.turn();
    if (turn.key !== axis.line() || screen.exact()) return;
    const near = axis.nearest(turn.goal);
    screen.offer(near.picture, turn, near.place, drafts());
    if (!screen.exact()) return;
    stopResting();
    draw.forget();
  }

  /** A slider's axis; at(value) is what compose() is to change for the slider to stand there.
   * @param {HTMLInputElement} slider @param {(value: number) => object} at */
  function axisOf(slider, at, also = () => {}) {
    const made = axis({
      slider,
      at: (value) => compose(at(value)),
      identify: (value) => identify(at(value)),
      owner: () => state.info,
      draw: (rows) => pictures(state.model, rows, drafts()),
      mix: () => drafts() ? mixed : null,
      arrived: () => {
        arrived(made);
        also();
      },
    });
    return made;
  }

  return { refresh, follow, letGo, axisOf };
}
