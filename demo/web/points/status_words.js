// Points: status texts of a session.

/**
 * @param {{slow: boolean, running: boolean, recorded: boolean, over: boolean, busy: boolean,
 *   steps: number | undefined, last: {step: number, half?: string} | undefined}} facts `steps`: of the plan;
 *   `last`: the newest moment
 */
export function statusOf({ slow, running, recorded, over, busy, steps, last }) {
  if (busy) return "Setting up…";
  if (!last) return "";
  const step = `step ${last.step.toLocaleString("en")}`;
  if (slow) return `Slow motion: to ${step}`;
  if (recorded) return `A recorded session: ${step}`;
  if (over) return `Ended at ${step}: it diverged to infinite values. Press Reset.`;
  if (running) return `Playing: ${step}`;
  if (last.step === steps) return `Finished: ${step}`;
  return `Paused at ${step}${last.half ? `, then ${last.half === "d" ? "D" : "G"} alone` : ""}`;
}

/** The speed of a running session. @param {number} pace steps a second */
export function paceOf(pace) {
  const rate = Math.round(pace);
  return pace ? `${rate.toLocaleString("en")} ${rate === 1 ? "step" : "steps"}/s` : "";
}

/** Changes of settings during the session, one line each. @param {{at: number, words: string[]}[]} marks */
export const changesOf = (marks) =>
  marks.map(({ at, words }) => `From step ${Math.floor(at).toLocaleString("en")}: ${words.join("; ")}.`);
