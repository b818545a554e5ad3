// Inside's elements with labels and hints; their behaviour is in inside.js.
import { make, range, seedRow, select, toolButtons } from "../core/dom.js";
import { smoothly } from "../core/enlarge.js";

/** @param {Element} root @param {Record<string, any>} made by other modules
 * @returns {Record<string, any>} the elements by name */
export function build(root, { brush, drag, stages, units, critic }) {
  const view = {};
  const button = toolButtons(view);
  view.picture = make("canvas.gs-picture", { width: 64, height: 64, role: "img", "aria-label": "Picture" });
  view.describe = (what, edited) =>
    view.picture.setAttribute("aria-label", `Picture of ${what}${edited ? ", with changes" : ""}`);
  const holder = smoothly(view.picture);
  holder.append(brush.element, drag.element);
  view.frame = make("div.gs-frame", holder);
  view.error = make("div.gs-error", { role: "alert" });
  view.notice = make("span.gs-quiet", { role: "status" });
  const seeds = seedRow(view);
  view.actions = make(
    "div.gs-row.gs-actions",
    button("original", "Original", "Show the picture without your changes"),
    button("back", "Undo", "One change back (Ctrl+Z)"),
    button("forth", "Redo", "One change forward again (Ctrl+Y)"),
    button("clear", "Clear", "Take back all changes"),
    button("save", "Save picture", "Save this picture as a PNG file"),
    button("copy", "Copy link", "Copy a link that opens on exactly this picture"),
    button("explore", "Explore", "Open the picture without changes in Explore"),
    view.notice,
  );
  view.originalHint = make("p.gs-quiet.gs-hint", { hidden: true }, "This is the picture without your changes.");
  const left = make(
    "div.gs-left",
    view.frame,
    view.error,
    seeds,
    view.seedError.element,
    view.actions,
    view.originalHint,
  );

  view.parts = make("div.gs-row.gs-parts", { role: "group", "aria-label": "Part to paint with" });
  view.noParts = make(
    "div.gs-row",
    make("span.gs-quiet", "Nobody has looked yet which units draw what in this model."),
    view.find = make("button", { title: "Look for the parts that units draw: up to half a minute" }, "Find parts"),
  );
  const ways = make(
    "div.gs-row",
    { role: "group", "aria-label": "What the brush does" },
    button("more", "More", "Paint the part here"),
    button("less", "Less", "Take the part away here"),
    button("erase", "Eraser", "Take your painting away here"),
  );
  view.size = range("Size of the brush", 1, 8, { step: 0.5, value: 3 });
  view.brushTools = make(
    "div.gs-brush-tools",
    { hidden: true },
    ways,
    make("div.gs-slider", make("span.gs-name", "Brush"), view.size),
    make("p.gs-quiet.gs-hint", "Paint on the picture. The rest of the network draws a picture that fits."),
  );
  const painting = section(
    "Paint",
    "press a part, then paint it on the picture, or away",
    view.parts,
    view.noParts,
    view.brushTools,
  );

  view.order = select("Which units come first", [["", "most active first"]]);
  const unitsHead = make("h3"), layerHint = make("p.gs-quiet.gs-hint");
  view.showLayer = ({ side, rectified }) => {
    unitsHead.textContent = `Units of the layer ${side}×${side}`;
    layerHint.textContent = rectified
      ? "Orange: where a unit is on. Press one to change it."
      : "Orange: where a unit is positive; blue: negative. Press one to change it.";
  };
  const right = make(
    "div.gs-right",
    section(
      "How it is built",
      "what each layer knows of the picture, as far as one can tell by a linear readout",
      make("div.gs-inside-layer-row", stages.children[0]),
      ...stages.children.slice(1),
    ),
    painting,
    section("Drag", "pull a point of the picture, and what is there follows", ...drag.children),
    make(
      "section",
      make("div.gs-row.gs-directions-head", unitsHead, view.order),
      layerHint,
      ...units.children,
    ),
    section("The critic's eye", "what the discriminator says of it, and where it looks", ...critic.children),
    view.folds = make("section"),
  );
  root.replaceChildren(left, right);
  return view;
}

const section = (title, hint, ...rest) =>
  make("section", make("h3", title, make("span.gs-quiet.gs-aside", hint)), ...rest);
