// Real pictures previewed in the form: the live view shows them until a run has some.
const LOOKED = "ganscope:looked";

/** @typedef {{sheet: ImageBitmap, size: number, data: string}} Reals a sheet of squares, and whose they are */

/** @param {Reals | null} reals */
export const showReals = (reals) => window.dispatchEvent(new CustomEvent(LOOKED, { detail: reals }));

/** @param {(reals: Reals | null) => void} callback */
export const onReals = (callback) =>
  window.addEventListener(LOOKED, (event) => callback(/** @type {CustomEvent} */ (event).detail));
