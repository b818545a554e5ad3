// Where a walk changes its class: words, marks on the scrubber, and a button that keeps the first one.
import { make } from "../core/dom.js";

const MAX_NAMED = 3;

/** What X-Classes of a walk says: [frame, class] of each frame that begins a class. @param {string | null} header
 * @returns {[number, number][]} */
export const changesIn = (header) =>
  (header ?? "").split(",").filter(Boolean).map((
    part,
  ) => /** @type {[number, number]} */ (part.split(":").map(Number)));

/** The class at a frame; undefined without classes. @param {[number, number][]} changes @param {number} frame */
export const classAt = (changes, frame) => changes.findLast(([first]) => first <= frame)?.[1];

/** Where the class changes, in words; "" where it does not.
 * @param {[number, number][]} changes @param {(index: number) => string} title */
export function crossingWords(changes, title) {
  const steps = changes.slice(1).map(([frame, index], i) =>
    `${title(changes[i][1])} to ${title(index)} at frame ${frame + 1}`
  );
  if (!steps.length) return "";
  const more = steps.length > MAX_NAMED ? [`and ${steps.length - MAX_NAMED} more`] : [];
  const times = steps.length === 1 ? "once" : `${steps.length} times`;
  return `The class changes ${times}, and there the picture jumps: ${
    [...steps.slice(0, MAX_NAMED), ...more].join(", ")
  }.`;
}

/** Show the changes of a walk of `frames` frames; keep(index) is called when the first class is to be kept.
 * @param {Record<string, any>} view with elements `marks` and `crossings` @param {[number, number][]} changes
 * @param {{frames: number, title: (index: number) => string, keep: (index: number) => void}} walk */
export function showCrossings({ marks, crossings }, changes, { frames, title, keep }) {
  const words = crossingWords(changes, title);
  marks.replaceChildren(
    ...changes.slice(1).map(([frame]) => {
      const mark = make("span");
      mark.style.setProperty("--gs-at", String(frame / (frames - 1)));
      return mark;
    }),
  );
  crossings.hidden = !words;
  if (!words) return crossings.replaceChildren();
  const [[, first]] = changes, hint = "Bring every key picture into the class of the first";
  crossings.replaceChildren(
    `${words} `,
    make("button.gs-link", { hint, onclick: () => keep(first) }, `Keep ${title(first)}`),
  );
}
