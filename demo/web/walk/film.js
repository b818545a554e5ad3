// The film strip of a walk: some of its frames, each a button that leads there.
import { make, paint } from "../core/dom.js";

const MOST = 12;

/** @param {ImageData[]} frames two or more @param {(index: number) => void} show */
export function filmOf(frames, show) {
  const count = Math.min(MOST, frames.length);
  return Array.from({ length: count }, (_, i) => {
    const index = Math.round((i * (frames.length - 1)) / (count - 1)), canvas = make("canvas");
    paint(canvas, frames[index]);
    return make("button", { "aria-label": `Go to frame ${index + 1}`, onclick: () => show(index) }, canvas);
  });
}
