// Breed's elements with labels and hints; their behaviour is in breed.js.
import { MAX_SEED } from "../core/constants.js";
import { make, range, toolButtons } from "../core/dom.js";

/** @param {Element} root @param {Record<string, {element: HTMLElement}>} built by other modules
 * @returns {Record<string, any>} the elements by name */
export function build(root, { grid, tree, shelf, choice }) {
  const view = {};
  const button = toolButtons(view);
  const seedField = (name, label) => {
    view[name] = make("input", { type: "number", min: 0, max: MAX_SEED, step: 1, "aria-label": label });
    return view[name];
  };

  view.modes = make(
    "div.gs-row.gs-modes",
    { role: "group", "aria-label": "What to do" },
    button("breeding", "Children", "Children of one picture or two"),
    button("summing", "A − B + C", "Add what some pictures have and others lack"),
  );

  view.error = make("div.gs-error", { role: "alert" });
  view.notice = make("span.gs-quiet", { role: "status" });
  view.words = make("span");
  const words = make(
    "p.gs-quiet.gs-words",
    view.words,
    make("span.gs-keyhint", "Keys: arrows, Enter chooses, K keeps, Ctrl+Z goes back"),
  );
  view.actions = make(
    "div.gs-row.gs-actions",
    button("others", "Other children", "Other children of the same parents"),
    button("back", "Back", "One step back (Ctrl+Z)"),
    button("forth", "Forward", "One step forward again (Ctrl+Y)"),
    button("sheet", "Save sheet", "Save all children in one PNG file"),
    button("copy", "Copy link", "Copy a link that opens on exactly these children"),
  );
  const children = make(
    "div.gs-breed-brood",
    grid.element,
    words,
    view.actions,
    make("div.gs-news", view.error, view.notice),
  );

  view.parent = parent("Parent");
  view.other = parent("Second parent");
  view.seedRow = make(
    "div.gs-row.gs-seed",
    make("span.gs-name", "Begin at seed"),
    seedField("seed", "Begin at seed"),
    button("dice", "Random", "Begin at a random seed"),
  );
  view.mix = make(
    "div.gs-mix",
    make("span", "Mix with another:"),
    make("span.gs-quiet", "drop a picture here, press Mix on the shelf, or"),
    make("label.gs-row", "seed", seedField("mixSeed", "Seed of a second parent")),
  );
  view.other.tools.append(button("unmix", "Remove", "Remove the second parent"));
  view.parent.tools.append(
    button("keep", "Keep", "Keep the parent on the shelf"),
    button("explore", "Explore", "Open the parent in Explore"),
    button("inside", "Look inside", "Open the parent in Inside"),
    button("save", "Save", "Save the parent as a PNG file"),
  );
  view.couple = make(
    "div.gs-couple",
    view.parent.element,
    make("span.gs-sign", { "aria-hidden": "true" }, "×"),
    view.other.element,
  );
  view.slots = [
    slot("plus", "A", "pictures that have it"),
    slot("minus", "− B", "pictures that lack it"),
    slot("onto", "+ C", "the picture that is to get it"),
  ];
  view.lesson = make("p.gs-quiet.gs-hint");
  view.sum = make("div.gs-sum", view.lesson, ...view.slots.map((each) => each.element));
  view.percent = range("Difference between parent and children", 0, 100, { step: 1 });
  view.percentText = make("span.gs-value", { "aria-hidden": "true" });
  const difference = make(
    "div.gs-difference",
    make("span.gs-name", "Difference"),
    view.percent,
    view.percentText,
    make("span.gs-quiet.gs-ends", { "aria-hidden": "true" }, make("span", "twins"), make("span", "strangers")),
  );
  const head = make(
    "div.gs-breed-head",
    view.modes,
    view.sum,
    view.couple,
    view.mix,
    view.seedRow,
    choice.element,
    difference,
  );

  const part = (title, hint, ...rest) => make("section", make("h3", title, make("span.gs-quiet", hint)), ...rest);
  const ancestors = part("Ancestors", "press one to go back there", tree.element);
  ancestors.className = "gs-breed-tree";
  const kept = part(
    "Shelf",
    "what you keep",
    shelf.element,
    make(
      "div.gs-row",
      button("walk", "Walk between them", "Open Walk with the pictures of the shelf as its keys"),
      button("shelfSheet", "Save all", "Save the pictures of the shelf in one PNG file"),
    ),
  );
  kept.className = "gs-breed-shelf";
  root.replaceChildren(children, head, ancestors, kept);
  return view;
}

// A parent: picture, name and a row for buttons.
function parent(name) {
  const canvas = make("canvas.gs-picture", { width: 64, height: 64, role: "img", "aria-label": name });
  const label = make("span.gs-quiet"), tools = make("div.gs-row.gs-parent-tools");
  const words = make("div.gs-parent-words", label, tools);
  return {
    canvas,
    label,
    tools,
    element: make("div.gs-parent", make("span.gs-name", name), canvas, words),
  };
}

// A group of pictures that are averaged: A, B or C.
function slot(name, sign, hint) {
  const faces = make("div.gs-faces");
  const label = `${sign.slice(-1)}: ${hint}`, text = make("div", make("div.gs-quiet", hint), faces);
  const seeds = make("input", {
    type: "text",
    placeholder: "add seeds: 3, 14",
    "aria-label": `Seeds to add to ${label}`,
  });
  const element = make("div.gs-slot", { role: "group", "aria-label": label }, make("span.gs-sign", sign), text, seeds);
  return { name, element, faces, seeds };
}
