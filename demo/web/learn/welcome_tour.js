// The tour of three minutes: the controls of some lessons, one after another, and at the end the lessons themselves.
import { openTab } from "../core/page.js";
import { CHAPTERS } from "./chapters.js";
import { remember } from "../core/progress.js";
import { showMe } from "./tour.js";

const STOPS = ["generator", "latent", "what", "loop"];

/** @param {any} ui @param {any} lessons their texts @param {number} [at] the stop */
export function welcomeTour(ui, lessons, at = 0) {
  const chapter = CHAPTERS.find(({ id }) => id === STOPS[at]);
  if (!chapter) return openTab("learn");
  const { title, show } = lessons[chapter.id], isLast = at === STOPS.length - 1;
  showMe(chapter.show, { ...show, title, back: isLast ? ui.toLessons : ui.next, close: ui.close }, {
    did: () => remember({ done: { [chapter.id]: true } }),
    back: () => welcomeTour(ui, lessons, at + 1),
  });
}
