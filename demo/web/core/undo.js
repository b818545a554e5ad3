// Undo and redo.
const MAX_STEPS = 200; // back

/** A history of states; the caller keeps the current one. @template State */
export function undoHistory() {
  /** @type {State[]} */
  let past = [], future = [];
  return {
    /** Record a change; clears the redo list. */
    push(/** @type {State} */ before) {
      past = [...past, before].slice(-MAX_STEPS);
      future = [];
    },
    /** The state to go back to, or undefined; `now` is where `redo` leads. */
    undo(/** @type {State} */ now) {
      if (past.length) future.push(now);
      return past.length ? past.pop() : undefined;
    },
    redo(/** @type {State} */ now) {
      if (future.length) past.push(now);
      return future.length ? future.pop() : undefined;
    },
    canUndo: () => past.length > 0,
    canRedo: () => future.length > 0,
    /** All states but the current one, newest first. */
    newestFirst: () => [...past, ...future].reverse(),
    pastNewestFirst: () => [...past].reverse(),
  };
}

/** Ctrl+Z steps back, Ctrl+Y and Ctrl+Shift+Z forward, but not while something is typed.
 * @param {HTMLElement} element @param {(way: "undo" | "redo") => void} step */
export function undoKeys(element, step) {
  element.addEventListener("keydown", (event) => {
    const typing = /** @type {HTMLElement} */ (event.target).matches("input:not([type=range])");
    if (!(event.ctrlKey || event.metaKey) || event.altKey || typing) return;
    const key = event.key.toLowerCase(), forth = key === "y" || (key === "z" && event.shiftKey);
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    step(forth ? "redo" : "undo");
  });
}
