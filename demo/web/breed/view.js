// What Breed looks like: its elements, with names and hints; what they do is in breed.js.
import { MAX_SEED } from "../core/constants.js";
import { make, toolButtons } from "../core/dom.js";

/**
 * @param {Element} root
 * @param {Record<string, {element: HTMLElement}>} parts that have files of their own
 * @returns {Record<string, any>} the elements by name
 */
export function build(root, { grid, tree, shelf }) {
  const view = {};
  const button = toolButtons(view);
  const seedField = (name, label) => {
    view[name] = make("input", { type: "number", min: 0, max: MAX_SEED, step: 1, "aria-label": label });
    return view[name];
  };

  view.modes = make(
    "div",
    { className: "gs-row gs-modes", role: "group", "aria-label": "What to do" },
    button("breeding", "Children", "Children of one picture or two"),
    button("summing", "A − B + C", "Add what some pictures have and others lack"),
  );

  view.error = make("div", { className: "gs-error", role: "alert" });
  view.said = make("span", { className: "gs-quiet", role: "status" });
  view.words = make("span");
  const words = make(
    "p",
    { className: "gs-quiet gs-words" },
    view.words,
    make("span", { className: "gs-keyhint" }, "Keys: arrows, Enter chooses, K keeps, Ctrl+Z goes back"),
  );
  const actions = make(
    "div",
    { className: "gs-row gs-actions" },
    button("others", "Other children", "Other children of the same parents"),
    button("back", "Back", "One step back (Ctrl+Z)"),
    button("forth", "Forward", "One step forward again (Ctrl+Y)"),
    button("sheet", "Save sheet", "Save all children in one PNG file"),
    button("copy", "Copy link", "Copy a link that opens on exactly these children"),
  );
  const brood = make(
    "div",
    { className: "gs-breed-brood" },
    grid.element,
    words,
    actions,
    make("div", { className: "gs-news" }, view.error, view.said),
  );

  view.parent = parent("Parent");
  view.other = parent("Second parent");
  view.seedRow = make(
    "div",
    { className: "gs-row gs-seed" },
    make("span", { className: "gs-name" }, "Begin at seed"),
    seedField("seed", "Seed to begin at"),
    button("dice", "Dice", "Begin at a seed by chance"),
  );
  view.mix = make(
    "div",
    { className: "gs-mix" },
    make("span", {}, "Mix with another:"),
    make("span", { className: "gs-quiet" }, "drop a picture here, press Mix on the shelf, or"),
    make("label", { className: "gs-row" }, "seed", seedField("mixSeed", "Seed of a second parent")),
  );
  view.unmix = make("button", {
    type: "button",
    title: "Without the second parent",
    "aria-label": "Without the second parent",
  }, "Remove");
  view.other.tools.append(view.unmix);
  view.parent.tools.append(
    button("keep", "Keep", "Keep the parent on the shelf"),
    button("explore", "Explore", "Open the parent in Explore"),
    button("save", "Save", "Save the parent as a PNG file"),
  );
  view.couple = make(
    "div",
    { className: "gs-couple" },
    view.parent.element,
    make("span", { className: "gs-sign", "aria-hidden": "true" }, "×"),
    view.other.element,
  );
  view.slots = ["plus", "minus", "onto"].map((name, i) =>
    slot(
      name,
      ["A", "− B", "+ C"][i],
      ["pictures that have it", "pictures that lack it", "the picture that is to get it"][i],
    )
  );
  view.lesson = make("p", { className: "gs-quiet gs-hint" });
  view.sum = make("div", { className: "gs-sum" }, view.lesson, ...view.slots.map((each) => each.element));
  view.percent = make("input", {
    type: "range",
    min: 0,
    max: 100,
    step: 1,
    "aria-label": "Difference between parent and children",
  });
  view.percentText = make("span", { className: "gs-value", "aria-hidden": "true" });
  const difference = make(
    "div",
    { className: "gs-difference" },
    make("span", { className: "gs-name" }, "Difference"),
    view.percent,
    view.percentText,
    make(
      "span",
      { className: "gs-quiet gs-ends", "aria-hidden": "true" },
      make("span", {}, "twins"),
      make("span", {}, "strangers"),
    ),
  );
  const head = make(
    "div",
    { className: "gs-breed-head" },
    view.modes,
    view.sum,
    view.couple,
    view.mix,
    view.seedRow,
    difference,
  );

  const part = (title, hint, ...rest) =>
    make("section", {}, make("h3", {}, title, make("span", { className: "gs-quiet" }, hint)), ...rest);
  const ancestors = part("Ancestors", "press one to go back there", tree.element);
  ancestors.className = "gs-breed-tree";
  const kept = part(
    "Shelf",
    "what you keep",
    shelf.element,
    make(
      "div",
      { className: "gs-row" },
      button("walk", "Walk between them", "Open Walk with the pictures of the shelf as its keys"),
      button("shelfSheet", "Save all", "Save the pictures of the shelf in one PNG file"),
    ),
  );
  kept.className = "gs-breed-shelf";
  root.replaceChildren(brood, head, ancestors, kept);
  return view;
}

// A parent's picture, its name, and room for what can be done with it.
function parent(name) {
  const canvas = make("canvas", { className: "gs-picture", width: 64, height: 64, role: "img", "aria-label": name });
  const label = make("span", { className: "gs-quiet" }), tools = make("div", { className: "gs-row gs-parent-tools" });
  const words = make("div", { className: "gs-parent-words" }, label, tools);
  return {
    canvas,
    label,
    tools,
    element: make("div", { className: "gs-parent" }, make("span", { className: "gs-name" }, name), canvas, words),
  };
}

// A group of pictures that are averaged: A, B or C.
function slot(name, sign, hint) {
  const faces = make("div", { className: "gs-faces" });
  const seeds = make("input", {
    type: "text",
    placeholder: "add seeds: 3, 14",
    "aria-label": `Seeds to add to ${sign.slice(-1)}: ${hint}`,
  });
  const element = make(
    "div",
    { className: "gs-slot", role: "group", "aria-label": `${sign.slice(-1)}: ${hint}` },
    make("span", { className: "gs-sign" }, sign),
    make("div", {}, make("div", { className: "gs-quiet" }, hint), faces),
    seeds,
  );
  return { name, element, faces, seeds };
}
