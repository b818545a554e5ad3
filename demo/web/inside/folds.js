// Inside's folded parts, each loaded when it is first opened: mixing, and the map.
import { folded } from "../core/dom.js";

/** @param {object} options
 * @param {() => any} options.now Inside's state
 * @param {(seed: number) => void} options.choose show the picture of a seed
 * @param {(image: ImageData) => void} options.screen show a picture in the picture's place */
export function foldsOf({ now, choose, screen }) {
  const mixing = folded(
    "gs-inside-fold",
    "Mixing",
    async () => (await import("./mix.js")).mixOf({ now, choose, screen }),
  );
  const map = folded(
    "gs-inside-fold",
    "Map of the latent space",
    async () => (await import("./map.js")).mapOf({ now, choose }),
  );

  return {
    children: [mixing.element, map.element],
    /** Another picture is shown. */
    mark: () => map.part()?.mark(),
    /** Another model was opened. */
    forget() {
      for (const { element, part } of [mixing, map]) {
        part()?.forget(/** @type {HTMLDetailsElement} */ (element).open);
      }
    },
  };
}
