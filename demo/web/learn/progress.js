// How far a reader has come: kept in this browser alone.
import { store, stored } from "../core/storage.js";

const KEY = "ganscope-lessons";

/** @returns {{at: string | null, done: Record<string, boolean>, told: Record<string, number>}} the chapter that was
 *  open, those that are done, and what was predicted */
export function progress() {
  const kept = stored(KEY);
  const object = (value) => (value && typeof value === "object" ? value : {});
  const { at, done, told } = object(kept);
  return { at: typeof at === "string" ? at : null, done: object(done), told: object(told) };
}

/** @param {Partial<ReturnType<typeof progress>>} changes */
export function remember({ at, done = {}, told = {} }) {
  const before = progress();
  const now = { at: at ?? before.at, done: { ...before.done, ...done }, told: { ...before.told, ...told } };
  store(KEY, JSON.stringify(now));
  return now;
}
