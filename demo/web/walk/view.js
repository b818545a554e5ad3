// Walk's elements with labels and hints; their behaviour is in walk.js.
import { MAX_FRAMES } from "../core/constants.js";
import { fieldError, make, range, select, toolButtons } from "../core/dom.js";
import { smoothly } from "../core/enlarge.js";

/** @param {Element} root @param {HTMLElement} classes the choice of a class
 * @returns {Record<string, any>} the elements by name */
export function build(root, classes) {
  const view = {};
  const button = toolButtons(view);
  const field = (text, control, hint) =>
    make("label.gs-field", make("span.gs-name", text), control, make("span.gs-quiet", hint));

  view.picture = make("canvas.gs-picture", { width: 32, height: 32, role: "img", "aria-label": "The walk's picture" });
  view.frame = make("div.gs-frame", smoothly(view.picture));
  view.scrubber = range("Place on the walk", 0, 1, { value: 0 });
  view.text = make("span.gs-value", { "aria-hidden": "true" });
  view.marks = make("div.gs-marks", { "aria-hidden": "true" });
  view.crossings = make("p.gs-quiet.gs-crossings", { role: "status", hidden: true });
  view.film = make("div.gs-film");
  view.error = make("div.gs-error", { role: "alert" });
  const left = make(
    "div.gs-left",
    view.frame,
    view.film,
    make("div.gs-scrubber", view.scrubber, view.marks),
    make("div.gs-row", button("play", "Play", "Play the walk"), view.text),
    view.crossings,
    view.error,
  );

  view.keys = make("ol.gs-keys");
  view.seeds = make("input", { type: "text", placeholder: "3, 14, 15", "aria-label": "Seeds to add" });
  view.mode = select("Way between keys", [["slerp", "slerp: along the sphere"], ["lerp", "lerp: straight line"]]);
  view.notice = make("span.gs-quiet", { role: "status" });
  view.frames = make("input", { type: "number", min: 2, max: MAX_FRAMES, step: 1, value: 60, "aria-label": "Frames" });
  view.closed = make("input", { type: "checkbox", "aria-label": "Closed loop" });
  view.seedsError = fieldError(view.seeds);
  view.framesError = fieldError(view.frames);
  const right = make(
    "div.gs-right",
    make("h3", "Key pictures"),
    view.keys,
    make("div.gs-row", view.seeds, button("add", "Add seeds", "Add the pictures of these seeds")),
    view.seedsError.element,
    make("p.gs-quiet.gs-hint", "Or press “Keep for Walk” in Explore."),
    classes,
    field("Way", view.mode, "slerp keeps the length that the generator was trained on; lerp cuts across."),
    field("Frames", view.frames, `As many as keys, up to ${MAX_FRAMES}; at 20 a second, 60 last three seconds.`),
    view.framesError.element,
    field("Closed loop", view.closed, "Returns to the first picture, so that the GIF never jumps."),
    make("div.gs-row", button("copy", "Copy link", "Copy a link that opens on exactly this walk"), view.notice),
    view.take = make("div"),
  );
  root.replaceChildren(left, right);
  return view;
}
