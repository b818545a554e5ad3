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
