// The runs that this browser has seen, newest first, for the table of runs.
import { store, stored } from "../core/storage.js";
const KEY = "ganscope-runs", MAX_COUNT = 40;
const listeners = [];

/** Their ids. @returns {string[]} */
export function all() {
  const names = stored(KEY);
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

function keep(names) {
  store(KEY, JSON.stringify(names.slice(0, MAX_COUNT)));
}

/** @param {string} name */
export function add(name) {
  if (all().includes(name)) return;
  keep([name, ...all()]);
  listeners.forEach((listener) => listener());
}

/** Those that the server no longer has; a name that was added meanwhile stays. @param {string[]} names */
export const forget = (names) => {
  if (names.length) keep(all().filter((name) => !names.includes(name)));
};

/** Calls back whenever one is added. @param {() => void} listener */
export const onChange = (listener) => listeners.push(listener);
