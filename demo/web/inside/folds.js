// Inside's folded parts, each loaded when it is first opened: mixing, and the map.
import { folded } from "../core/dom.js";

/** @param {object} options
 * @param {() => any} options.now Inside's state
 * @param {(seed: number) => void} options.choose show the picture of a seed */
export function foldsOf({ now, choose }) {
  let reals = false; // whether the map begins with real pictures on it
  const mixing = folded(
    "gs-inside-fold",
    "Mixing",
    async () => (await import("./mix.js")).mixOf({ now, choose }),
  );
  const map = folded(
    "gs-inside-fold",
    "Map of the latent space",
    async () => (await import("./map.js")).mapOf({ now, choose, reals }),
  );

  return {
    children: [mixing.element, map.element],
    /** Another picture is shown. */
    mark: () => map.part()?.mark(),
    /** Unfold the map, with real pictures on it. */
    openMap() {
      reals = true;
      map.part()?.showReals();
      /** @type {HTMLDetailsElement} */ (map.element).open = true;
      map.element.scrollIntoView();
    },
    /** Another model was opened. */
    forget() {
      for (const { element, part } of [mixing, map]) {
        part()?.forget(/** @type {HTMLDetailsElement} */ (element).open);
      }
    },
  };
}
