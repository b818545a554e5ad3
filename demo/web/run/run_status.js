// Status texts of a run.
import { ACTIVE_STATES } from "../core/constants.js";
import { number, whole } from "../core/numbers.js";
import { whenOf, words } from "./recorded.js";

/** Whether a run in this state goes on, or waits to. @param {string} state */
export const isActive = (state) => ACTIVE_STATES.includes(state);

const RATE_POINTS = 5; // images a second are averaged over so many points, to be readable

/** Hints for each state. */
export const HINTS = {
  idle: "",
  recorded: "Drag the history to go back in time.",
  queued: "It starts by itself when its turn comes.",
  starting: "Reading the data and building both networks.",
  running: "Each square keeps its seed: watch one change.",
  paused: "Press Continue to go on.",
  stopping: "Saving what it has learned so far.",
  stopped: "Drag the history to go back in time.",
  finished: "Drag the history to go back in time.",
  failed: "Change the settings, then press Train again.",
};

function lasting(seconds) {
  const rest = Math.max(Math.ceil(seconds), 0);
  return rest < 120 ? `${rest} s` : `${Math.floor(rest / 60)} min ${rest % 60} s`;
}

/** One line on a run whose newest point is `last` (-1 before the first).
 * @param {import("../core/types.d.ts").RunPayload} run @param {number} last */
export function statusOf({ state, place, wait, points, budget, recorded }, last) {
  const step = last < 0 ? "" : ` at step ${whole(points.step[last])}`;
  switch (state) {
    case "idle":
      return "Press Train: noise turns into pictures in about a minute.";
    case "recorded":
      return words(recorded, "Train");
    case "queued":
      return place ? waiting(place, wait) : "Starting…";
    case "starting":
      return "Starting…";
    case "running":
      return last < 0 ? "Training…" : `Training: ${timeLeft(budget, points, last)}`;
    case "paused":
      return `Paused${step}`;
    case "stopping":
      return "Stopping…";
    case "stopped":
      return `Stopped${step}`;
    case "finished":
      return finished(points, last);
    default:
      return `Failed${step}`;
  }
}

const waiting = (place, seconds) => `Waiting: number ${place} in line${seconds ? `, about ${lasting(seconds)}` : ""}`;

/** @param {{steps?: number, seconds?: number}} budget @param {Record<string, number[]>} points @param {number} last */
function timeLeft({ steps, seconds }, points, last) {
  return steps ? `${whole(steps - points.step[last])} steps left` : `${lasting(seconds - points.seconds[last])} left`;
}

/** How fast a running run goes, or when it was recorded.
 * @param {import("../core/types.d.ts").RunPayload} run @param {number} last */
export function paceOf({ state, points, recorded }, last) {
  if (state === "recorded") return `${whole(points.step[last])} steps · ${whenOf(recorded)}`;
  if (state !== "running" || last < 0) return "";
  const rates = points.images_per_second.slice(-RATE_POINTS).filter((rate) => rate > 0);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const step = `step ${whole(points.step[last])}`;
  return rates.length ? `${number(mean)} images/s · ${step}` : step;
}

// A run that diverged ends before its budget does.
function finished(points, last) {
  const how = points.progress[last] < 1 ? "Ended early" : "Finished";
  return `${how}: ${whole(points.step[last])} steps in ${lasting(points.seconds[last])}`;
}

/** The settings of a run. @param {import("../core/types.d.ts").RunPayload} run */
export function factsOf({ data, method, size, channels, seed }) {
  if (!method) return "";
  return `${data} · ${method} · ${size}×${size} ${channels === 1 ? "grey" : "colour"} · seed ${seed}`;
}
