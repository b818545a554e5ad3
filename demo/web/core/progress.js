// How far a reader has come: kept in this browser alone.
import { store, stored } from "./storage.js";

const KEY = "ganscope-lessons";

/** @returns {{at: string | null, done: Record<string, boolean>, told: Record<string, number>,
 *   right: Record<string, boolean>}} the chapter that was
 *  open, those that are done, what was predicted, and whether it came true */
export function progress() {
  const kept = stored(KEY);
  const object = (value) => (value && typeof value === "object" ? value : {});
  const { at, done, told, right } = object(kept);
  return { at: typeof at === "string" ? at : null, done: object(done), told: object(told), right: object(right) };
}

/** Whether this browser has been in Learn. */
export const isBegun = () => stored(KEY) !== null;

/** @param {Partial<ReturnType<typeof progress>>} changes */
export function remember({ at, done = {}, told = {}, right = {} }) {
  const before = progress();
  const now = {
    at: at ?? before.at,
    done: { ...before.done, ...done },
    told: { ...before.told, ...told },
    right: { ...before.right, ...right },
  };
  store(KEY, JSON.stringify(now));
  return now;
}
