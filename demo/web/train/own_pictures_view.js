// The user's pictures in Train: elements of the drop area and of the preview.
import { dropOf, make } from "../core/dom.js";
import * as uploads from "../uploads/upload.js";

const ROWS = 4; // of squares that are shown
const LARGEST = 3; // CSS pixels that a pixel of few pictures may have
/** How pictures are made into squares at first. */
export const FIRST = { size: 32, channels: 3, fit: "crop", background: "#ffffff" };

/** Few pictures are drawn larger, each pixel a whole square: what does not fit into some rows is not shown.
 * @param {number} room @param {number} size @param {number} count */
export function planOf(room, size, count) {
  const ratio = window.devicePixelRatio || 1, least = Math.max(1, Math.round(ratio));
  const gap = Math.max(1, Math.round(ratio / 2)), free = Math.floor(room * ratio);
  for (let factor = LARGEST * least;; factor--) {
    const columns = Math.min(count, Math.floor((free + gap) / (factor * size + gap)));
    const rows = Math.ceil(count / Math.max(1, columns));
    if (factor === least || (columns && rows <= ROWS)) {
      return { columns: Math.max(1, columns), rows: Math.min(rows, ROWS), cell: factor * size, gap, ratio };
    }
  }
}

/** @param {HTMLElement} root @param {Record<string, (...args: any[]) => void>} actions
 * @returns {Record<string, any>} the elements by name */
export function build(root, actions) {
  const choices = [];
  const button = (label, onclick, values = {}) => make("button", { onclick, ...values }, label);
  const input = (values) =>
    make("input.gs-hidden", { type: "file", multiple: true, tabIndex: -1, "aria-hidden": "true", ...values });
  const files = input({}), folder = input({ webkitdirectory: true });
  for (const each of [files, folder]) {
    each.onchange = () => {
      if (each.files.length) actions.add(Promise.resolve(uploads.chosen(each.files)));
      each.value = "";
    };
  }
  const pick = (title, name, options) =>
    make(
      "div.gs-row.gs-pick",
      { role: "group", "aria-label": title },
      make("span.gs-name", title),
      ...options.map(([label, value, hint]) => {
        const made = button(label, () => actions.choose(name, value), { title: hint });
        choices.push({ name, value, button: made });
        return made;
      }),
    );
  const view = {
    root,
    choices,
    status: make("span.gs-status", { role: "status" }),
    bar: make("div"),
    stop: button("Stop", actions.stop),
    over: button("Start over", actions.startOver, { hidden: true }),
    error: make("p.gs-error", { role: "alert" }),
    facts: make("p.gs-counts"),
    squares: make("canvas.gs-picture", { role: "img" }),
    summary: make("summary"),
    lines: make("ul"),
    few: make(
      "p.gs-quiet",
      { hidden: true },
      "Fewer than 1,000: D sees them augmented, against overfitting (learning them by heart). The line " +
        "augment=none, among the choices below, turns that off.",
    ),
    background: make("input", {
      type: "color",
      value: FIRST.background,
      "aria-label": "Background",
      title: "Beside padded pictures, and behind transparent ones.",
    }),
  };
  view.progress = make("div.gs-progress", view.bar);
  view.left = make("details", { hidden: true }, view.summary, view.lines);
  const drop = make(
    "div.gs-drop",
    make("p", "Drop pictures, a zip or a folder here"),
    make(
      "div.gs-row",
      button("Choose files", () => files.click()),
      button("Choose a folder", () => folder.click()),
      view.over,
      files,
      folder,
    ),
    make(
      "p.gs-quiet",
      "PNG, JPEG, WebP, GIF, BMP, TIFF or PPM, up to 500 MB. " +
        "Only you see them; they are removed when you close this page.",
    ),
  );
  const over = (event, on) => {
    event.preventDefault();
    drop.classList.toggle("gs-over", on);
  };
  drop.ondragover = (event) => over(event, true);
  drop.ondragleave = (event) => over(event, false);
  drop.ondrop = (event) => {
    over(event, false);
    actions.add(uploads.dropped(dropOf(event.dataTransfer)));
  };
  const shape = pick("Shape", "fit", [
    ["Crop", "crop", "The middle square of each."],
    ["Pad", "pad", "All of each, on the background."],
  ]);
  shape.append(view.background);
  view.working = make("div.gs-working", { hidden: true }, make("div.gs-row", view.status, view.stop), view.progress);
  view.found = make(
    "div.gs-looked",
    { hidden: true },
    view.facts,
    view.squares,
    make("p.gs-quiet", "This is what the network will see."),
    view.few,
    view.left,
  );
  root.append(
    drop,
    view.working,
    view.error,
    view.found,
    make(
      "div.gs-picks",
      shape,
      pick("Colour", "channels", [["Colour", 3, ""], ["Grey", 1, "Quicker."]]),
      pick("Size", "size", [
        ["32", 32, "Quickest."],
        ["64", 64, "Finer. A step takes about three times as long as at 32."],
        ["128", 128, "Finest. A step takes about four times as long as at 32: give it many minutes."],
      ]),
    ),
  );
  return view;
}
