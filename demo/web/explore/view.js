// Explore's elements with labels and hints; their behaviour is in explore.js.
import { MAX_DIRECTIONS, MAX_TRUNCATION, REACH } from "../core/constants.js";
import { lazy, make, range, seedRow, skipButton, term, toolButtons } from "../core/dom.js";
import { smoothly } from "../core/enlarge.js";
import { number } from "../core/numbers.js";

/** Slider values of the small previews along a direction. */
export const STOPS = [-3, -2, -1, 0, 1, 2, 3];
const CLASS_HINT = "any: z names the class, the underlined one.";

/** What a model is, in words. @param {Record<string, any>} info */
export const factsOf = (info) =>
  `${number(info.parameters / 1e6, 2)} M weights · ${info.size}×${info.size} ` +
  `${info.channels === 1 ? "grey" : "colour"} · ${number(info.multiply_adds / 1e6, 2)} M multiply-adds a picture`;

/** The choice of a class (core/class_choice.js), as it is for models without any: nothing is loaded for the first
 * picture. `ready` loads it once a model or a link has a class.
 * @param {HTMLElement} place @param {() => void} chosen */
export function lateChoice(place, chosen) {
  const same = (/** @type {Float32Array} */ z) => z, none = () => "";
  /** @type {any} */
  const choice = {
    index: null,
    put: same,
    keep: same,
    nameOf: none,
    name: none,
    text: () => undefined,
    mark: () => {},
    open: () => [],
    ready,
  };
  async function ready(info, request) {
    if (!info.classes && !request.class) return;
    const { classChoice } = await lazy(() => import("../core/class_choice.js"));
    if (choice.ready === ready) place.append(classChoice(chosen, CLASS_HINT, choice).element);
    await choice.ready(info);
  }
  return choice;
}

/** @param {Element} root @returns {Record<string, any>} the elements by name */
export function build(root) {
  const view = {};
  const button = toolButtons(view);
  view.picture = make("canvas.gs-picture", { width: 32, height: 32, role: "img", "aria-label": "Picture" });
  view.frame = make("div.gs-frame", smoothly(view.picture));
  view.error = make("div.gs-error", { role: "alert" });
  view.notice = make("span.gs-quiet", { role: "status" });
  view.facts = make("span");
  const judge = button("judge", "How good is it?", "Open Report with this model", "gs-link");
  const about = make("div.gs-quiet.gs-facts", view.facts, judge);
  view.neighbours = make("div.gs-neighbours");
  view.skip = skipButton("Skip the neighbouring seeds", () => view.seed.focus());
  const actions = make(
    "div.gs-row.gs-actions",
    button("keep", "Keep for Walk", "Keep this picture as a key picture in Walk"),
    button("breed", "Breed", "Open Breed with children of this picture"),
    button("inside", "Look inside", "Open Inside with this picture: how it is built, and by which units"),
    button("save", "Save picture", "Save this picture as a PNG file"),
    button("copy", "Copy link", "Copy a link that opens on exactly this picture"),
    button("reset", "Reset", "Reset all sliders"),
    view.notice,
  );
  const left = make(
    "div.gs-left",
    view.frame,
    view.error,
    actions,
    make("div.gs-quiet.gs-neighbours-label", "Neighbouring seeds: press one to go there"),
    view.skip,
    view.neighbours,
  );

  const seeds = seedRow(view, button("lock", "Lock", "Lock this seed"));
  view.lock.setAttribute("aria-pressed", "false");
  view.truncation = range("Truncation", 0, MAX_TRUNCATION, { step: 0.01, value: 1 });
  view.truncationText = make("span.gs-value", { "aria-hidden": "true" });
  const truncationName = make("span.gs-name", term("truncation", "Truncation"), make("span.gs-quiet", "variety"));
  const truncationRow = make("div.gs-slider", truncationName, view.truncation, view.truncationText);
  view.directions = Array.from({ length: MAX_DIRECTIONS }, direction);
  view.sets = make("div.gs-row.gs-sets", { role: "group", "aria-label": "Set of directions" });
  view.setHint = make("p.gs-quiet.gs-hint", { role: "status" });
  view.more = make("button.gs-more-directions", { hidden: true });
  view.ORIGIN = "One seed, one picture: on another machine within one of 256 levels.";
  view.origin = make("p.gs-quiet.gs-hint.gs-origin", view.ORIGIN);
  view.right = make(
    "div.gs-right",
    about,
    seeds,
    view.seedError.element,
    view.origin,
    view.classes = make("div.gs-class-place"),
    truncationRow,
    make("p.gs-quiet.gs-hint.gs-wide-only", "Below 1: more typical, less varied. Above 1: more varied."),
    make(
      "div.gs-row.gs-directions-head",
      make("h3", term("direction", "Directions")),
      view.sets,
      make("span.gs-quiet.gs-unnamed", "SeFa, PCA: ", term("unsupervised", "found without labels")),
    ),
    view.setHint,
    make("div.gs-directions", ...view.directions.map((each) => each.row)),
    view.more,
  );
  root.replaceChildren(left, view.right);
  return view;
}

function direction() {
  const slider = range("", -REACH, REACH, { step: 0.05, value: 0, className: "gs-centred" });
  const strip = make("canvas.gs-strip", { width: 7, height: 1, "aria-hidden": "true" });
  const name = make("span.gs-name"), hint = make("span.gs-quiet");
  const text = make("span.gs-value", { "aria-hidden": "true" });
  const head = make("div.gs-direction-head", name, hint, text);
  const row = make("div.gs-direction", { hidden: true }, head, strip, slider);
  return { row, slider, strip, name, hint, text };
}
