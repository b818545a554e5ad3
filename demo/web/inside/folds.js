// Inside's folded parts, each loaded when it is first opened: latents of single stages, mixing, and the map.
import { folded } from "../core/dom.js";

/** @param {object} options
 * @param {() => any} options.now Inside's state
 * @param {(seed: number) => void} options.choose show the picture of a seed
 * @param {(edits: import("./edits.js").Edits, done: boolean) => void} options.change the picture
 * @param {() => void} options.changed what they show is another */
export function foldsOf({ now, choose, change, changed }) {
  let reals = false; // whether the map begins with real pictures on it
  /** @type {import("./link.js").Folds} */
  let linked = {};
  const stages = folded(
    "gs-inside-fold",
    "Latents of single stages",
    async () => (await import("./stage_sliders.js")).stageSliders({ now, change }),
  );
  const mixing = folded(
    "gs-inside-fold",
    "Mixing",
    async () => (await import("./mix.js")).mixOf({ now, choose, change, changed, linked: linked.mix }),
  );
  const map = folded(
    "gs-inside-fold",
    "Map of the latent space",
    async () => (await import("./map.js")).mapOf({ now, choose, changed, reals, linked: linked.map }),
  );
  const parts = { mix: mixing, map };
  const isOpen = (/** @type {{element: HTMLElement}} */ { element }) =>
    /** @type {HTMLDetailsElement} */ (element).open;
  for (const { element } of Object.values(parts)) element.addEventListener("toggle", changed);

  return {
    children: [stages.element, mixing.element, map.element],
    /** Other edits are shown. */
    showEdits() {
      stages.part()?.show();
    },
    /** Another picture is shown. */
    mark: () => map.part()?.mark(),
    /** What those that are unfolded show. @returns {import("./link.js").Folds} */
    shown: () => ({
      mix: isOpen(mixing) ? mixing.part()?.now() : undefined,
      map: isOpen(map) ? map.part()?.now() : undefined,
    }),
    /** Show what a link shows, once its model is open. @param {import("./link.js").Folds} wanted */
    restore(wanted) {
      linked = wanted;
      for (const [name, fold] of Object.entries(parts)) {
        const one = wanted[name];
        /** @type {HTMLDetailsElement} */ (fold.element).open = Boolean(one);
        if (one) fold.part()?.restore(one);
      }
    },
    /** Unfold the map, with real pictures on it. */
    openMap() {
      reals = true;
      map.part()?.showReals();
      /** @type {HTMLDetailsElement} */ (map.element).open = true;
      map.element.scrollIntoView();
    },
    /** Another model was opened. */
    forget() {
      const { entrances, edits } = now();
      stages.element.hidden = !entrances.length;
      if (Object.keys(edits.stages).length) /** @type {HTMLDetailsElement} */ (stages.element).open = true;
      stages.part()?.show();
      for (const fold of [mixing, map]) fold.part()?.forget(isOpen(fold));
    },
  };
}
