// The lessons in order: the figure of each, and the place in the page where it goes on. Their words are in
// texts/LANGUAGE/lessons.json, by the same ids.

/** @typedef {{right: number, values: Record<string, string | number>}} Answer to a question, and what was measured */

/**
 * @typedef {object} Figure
 * @property {HTMLElement} element
 * @property {() => any} [begin] it is seen for the first time; what it throws, or its promise, is shown
 * @property {() => void} [start] it can be seen
 * @property {() => void} [stop] it cannot any more
 * @property {() => Answer | Promise<Answer>} [measure] the question's answer,
 *   from what the program measures; throws a sentence if something must be done first
 */
/**
 * @typedef {object} FigureTools
 * @property {any} words the chapter's texts
 * @property {any} props what the server says: {model, digits, run, critic, compare}
 * @property {(error: Error) => void} failed
 * @property {() => void} tried something was done that a question needs
 */
/**
 * @typedef {object} Chapter
 * @property {string} id
 * @property {() => Promise<{figure: (tools: FigureTools) => Figure}>} load
 * @property {{tab: string, mark: string, on: string, done: string}} show the tab that is opened, the control that is
 *   marked, and what counts as done: an event on an element
 */

/** @type {Chapter[]} */
export const CHAPTERS = [
  {
    id: "what",
    load: () => import("./figures/recorded_run.js"),
    show: {
      tab: "train",
      mark: ".gs-train .gs-history",
      on: "input click",
      done: ".gs-history input, .gs-history button, #train-button",
    },
  },
  {
    id: "generator",
    load: () => import("./figures/generator.js"),
    show: { tab: "explore", mark: ".gs-explore .gs-directions", on: "input", done: ".gs-directions input" },
  },
  {
    id: "discriminator",
    load: () => import("./figures/critic.js"),
    show: { tab: "train", mark: ".gs-train .gs-charts", on: "click input", done: ".gs-charts, .gs-history input" },
  },
  {
    id: "loop",
    load: () => import("./figures/loop.js"),
    show: { tab: "points", mark: ".gs-points .gs-play-row", on: "click", done: ".gs-points button" },
  },
  {
    id: "maths",
    load: () => import("./figures/maths.js"),
    show: { tab: "train", mark: ".gs-method", on: "input change click", done: ".gs-method" },
  },
  {
    id: "code",
    load: () => import("./figures/code.js"),
    show: { tab: "train", mark: "#train-button", on: "click", done: "#train-button" },
  },
  {
    id: "bug",
    load: () => import("./figures/bug.js"),
    show: { tab: "train", mark: ".gs-lessons", on: "click input change", done: ".gs-lessons" },
  },
  {
    id: "wrong",
    load: () => import("./figures/wrong.js"),
    show: { tab: "train", mark: ".gs-lessons", on: "click input change", done: ".gs-lessons" },
  },
  {
    id: "latent",
    load: () => import("./figures/latent.js"),
    show: { tab: "walk", mark: ".gs-walk .gs-scrubber", on: "input click", done: ".gs-walk input, .gs-walk button" },
  },
  {
    id: "judging",
    load: () => import("./figures/judging.js"),
    show: { tab: "report", mark: ".gs-report", on: "click focusin", done: ".gs-report" },
  },
  {
    id: "after",
    load: () => import("./figures/after.js"),
    show: { tab: "compare", mark: ".gs-compare", on: "input click", done: ".gs-compare input, .gs-compare button" },
  },
];
