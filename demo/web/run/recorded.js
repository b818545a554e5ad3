// What a tab shows before anything is live (demo/backend/recordings.py): a run, a comparison, a card, a search.
import { fetchRoute, query } from "../core/api.js";

/** @typedef {{cores: number, seconds: number, date: string, version: string}} Recorded */

/** What is recorded there; null where that cannot be had, and the tab opens without. @param {string} path */
export async function load(path) {
  try {
    return await (await fetchRoute(path)).json();
  } catch {
    return null;
  }
}

/** What a tab has recorded of a model. @param {"report" | "find"} tab @param {string} model */
export const ofModel = (tab, model) => load(`recordings/${tab}?${query({ model })}`);

/** Where the frames of a run are, live or recorded. @param {any} run */
export const framesOf = ({ id, frames }) => frames ?? `runs/${id}/frame`;

/** Which run is shown: a text that differs from that of any other. @param {any} run */
export const keyOf = ({ id, frames, recording }) => id ?? frames ?? recording ?? "";

const NUMBERS = ["", "one", "two", "three", "four", "five", "six", "seven", "eight"];

/** @param {Recorded} recorded @param {string} live the button that makes it live */
export const words = ({ cores, seconds }, live) =>
  `Recorded on ${NUMBERS[cores] ?? cores} processor ${cores === 1 ? "core" : "cores"} in ${Math.round(seconds)} s: ` +
  `press ${live} to see yours.`;

/** @param {Recorded} recorded */
export function whenOf({ date, version }) {
  const day = new Date(`${date}T00:00:00Z`);
  const said = day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return `${said}, version ${version}`;
}
