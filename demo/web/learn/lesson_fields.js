// What a teacher adds to a link: what is hidden, a task, a lesson beside it. Read field by field.
import { fieldReader, wrongField } from "../core/link_fields.js";

/** What can be hidden, by its name in links: the elements of the page. */
export const HIDEABLE = {
  tabs: ".tab-wrapper",
  model: ".gs-top .block, .gs-top .form",
  seed: ".gs-seed",
  truncation: ".gs-explore .gs-slider, .gs-explore .gs-wide-only",
  neighbours: ".gs-neighbours, .gs-neighbours-label",
  directions: ".gs-directions-head, .gs-directions, .gs-explore .gs-set-hint, .gs-more-directions",
  numbers: ".gs-numbers",
  export: ".gs-take",
  method: ".gs-method",
  settings: ".gs-more",
  failures: ".gs-lessons",
  charts: ".gs-charts",
};
export const MAX_TASK = 200; // letters

/** The fields of a link; `problems` are sentences about those that are wrong, which count as missing.
 * @param {URLSearchParams} fields @param {string[]} lessons ids */
export function lessonFields(fields, lessons) {
  const read = fieldReader(fields), known = Object.keys(HIDEABLE);
  const hide = read.list("hide", (name) => (known.includes(name) ? name : undefined), `is none of ${known.join(", ")}`);
  const lesson = read.choice("lesson", lessons), task = (fields.get("task") ?? "").trim();
  const problems = [...read.problems];
  if (task.length > MAX_TASK) problems.push(wrongField("task", task, `is longer than ${MAX_TASK} letters`));
  return { hide: [...new Set(hide)], task: task.length > MAX_TASK ? "" : task, lesson: lesson ?? "", problems };
}
