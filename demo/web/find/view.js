// Find's elements with labels and hints; their behaviour is in find.js.
import { MAX_SEARCH_STARTS, MAX_SEARCH_STEPS, MAX_SEED } from "../core/constants.js";
import { fieldError, make, select, toolButtons } from "../core/dom.js";
import { smoothly } from "../core/enlarge.js";

const FILM = 10; // small pictures of how the search went

const quiet = (text, more = {}) => make("p.gs-quiet.gs-find-note", { ...more }, text);

/** @param {Element} root @param {{element: HTMLElement, tools: HTMLElement}} pad
 * @returns {Record<string, any>} the elements by name */
export function build(root, pad) {
  const view = {};
  const button = toolButtons(view);
  const canvas = (name, label) => {
    view[name] = make("canvas.gs-picture", { width: 32, height: 32, role: "img", "aria-label": label, hidden: true });
    return view[name];
  };

  // Where the target picture comes from.
  view.ways = {
    draw: make("button", "Draw"),
    picture: make("button", "Your picture"),
    sample: make("button", "Samples"),
  };
  const ways = make(
    "div.gs-row.gs-find-ways",
    { role: "group", "aria-label": "Where the target picture comes from" },
    ...Object.values(view.ways),
  );

  view.file = make("input.gs-hidden", {
    type: "file",
    accept: "image/png,image/jpeg,image/webp,image/gif,image/bmp,image/tiff",
    tabIndex: -1,
    "aria-label": "A picture of yours",
  });
  view.drop = make(
    "button.gs-find-drop",
    make("strong", "Choose a picture"),
    make("span", "or drop it here, or paste it"),
  );
  view.edges = select("Not square? How pictures become square", [
    ["crop", "cut out the middle"],
    ["black", "fit in, black around"],
    ["white", "fit in, white around"],
  ]);
  view.onPaper = make("option", { value: "paper" }, "a digit on paper");
  view.light = select("Dark, light: whether they are swapped", [["kept", "as they are"], ["swapped", "swapped"]]);
  view.light.append(view.onPaper);
  view.paperHint = make(
    "div.gs-find-hint",
    { hidden: true },
    quiet("MNIST's digits are white on black, and this picture is light."),
    button("paper", "It is a digit on paper", "It is a digit on paper: cut it out, white on black, and centre it"),
  );
  view.samples = make("div.gs-find-samples", { role: "group", "aria-label": "Drawn samples" });
  view.seeds = make("div.gs-find-samples", { role: "group", "aria-label": "Pictures of this generator" });
  view.drawnSamples = make("div", quiet("Drawn by hand:"), view.samples);
  view.drawNote = quiet("");
  view.tools = {
    draw: make("div", pad.tools, view.drawNote),
    picture: make(
      "div",
      view.file,
      make("label.gs-find-field", make("span", "Not square?"), view.edges),
      make("label.gs-find-field", make("span", "Dark, light"), view.light),
      view.paperHint,
      make("div.gs-row", button("choose", "Choose another", "Choose another picture")),
    ),
    sample: make("div", view.drawnSamples, quiet("The generator's own, so an exact answer exists:"), view.seeds),
  };

  canvas("target", "Target picture");
  canvas("found", "Picture found so far");
  canvas("difference", "Difference of the two");
  view.sampleNote = make("div.gs-find-empty", "Press one of the samples below.");
  view.padHint = make("div.gs-find-pad-hint", { "aria-hidden": "true" });
  view.editing = {
    draw: make("div.gs-find-paper", pad.element, view.padHint),
    picture: view.drop,
    sample: view.sampleNote,
  };
  view.foundNote = make("div.gs-find-empty", "What the generator makes of it appears here.");
  view.differenceNote = make("div.gs-find-empty", "And here, where the two differ.");
  const box = (...children) => make("div.gs-find-box", ...children);
  view.foundBox = box(smoothly(view.found), view.foundNote);
  view.targetBox = box(smoothly(view.target), ...Object.values(view.editing));
  view.differenceBox = box(smoothly(view.difference), view.differenceNote);

  button("find", "Find it", "Find the latent vector that makes this picture", "gs-main gs-find-go");
  view.edit = make("button", { hidden: true }, "Back to the drawing");
  button("hold", "Hold to see target", "Hold to see the target picture in its place");
  view.status = make("p.gs-quiet.gs-find-status", { role: "status" });
  const pane = (name, title, ...children) =>
    make("div", { className: `gs-find-pane gs-find-pane-${name}` }, make("h3", title), ...children);
  view.film = Array.from({ length: FILM }, () => {
    const picture = make("canvas", { width: 32, height: 32 });
    return { picture, button: make("button", { disabled: true }, picture) };
  });
  view.filmBox = make("div.gs-find-film", ...view.film.map((each) => each.button));
  const [effortChoice, numbers] = effort(view);
  const tools = Object.values(view.tools);
  const targetParts = [view.targetBox, view.find, effortChoice, view.status, view.edit, ...tools, numbers];
  const panes = make(
    "div.gs-find-panes",
    pane("given", "Target", ...targetParts),
    pane("found", "Found", view.foundBox, make("div.gs-row", view.hold)),
    pane("difference", "Difference", view.differenceBox, quiet("Shown three times as strong.")),
    make("div.gs-find-after", quiet("From a random picture to the nearest: press one to see it again."), view.filmBox),
  );
  view.error = make("div.gs-error", { role: "alert" });
  const left = make("div.gs-find-left", ways, panes, view.error);

  root.replaceChildren(left, rightSide(view, button));
  return view;
}

// How long the search may take: two words, or three numbers.
function effort(view) {
  view.thorough = { quick: make("button", "Quick"), thorough: make("button", "Thorough") };
  const title = (name) => name[0].toUpperCase() + name.slice(1);
  const number = (name, min, max) => make("input", { type: "number", min, max, step: 1, "aria-label": title(name) });
  view.numbers = {
    steps: number("steps", 1, MAX_SEARCH_STEPS),
    starts: number("starts", 1, MAX_SEARCH_STARTS),
    seed: number("seed", 0, MAX_SEED),
  };
  view.numberErrors = {};
  const field = (name, hint) => {
    const input = view.numbers[name], error = view.numberErrors[name] = fieldError(input);
    const named = make("label.gs-find-number", make("span.gs-name", title(name)), input, make("span.gs-quiet", hint));
    return make("div", named, error.element);
  };
  const numbers = view.numberFields = make(
    "details.gs-find-details",
    make("summary", "Steps, starts, seed"),
    field("steps", `Downhill, 1 to ${MAX_SEARCH_STEPS.toLocaleString("en")}.`),
    field("starts", `Places it begins at, 1 to ${MAX_SEARCH_STARTS}.`),
    field("seed", "Of the chance in these places."),
  );
  const choice = make(
    "div.gs-row.gs-find-effort",
    { role: "group", "aria-label": "How thorough" },
    ...Object.values(view.thorough),
  );
  return [choice, numbers];
}

function rightSide(view, button) {
  view.verdict = make("p.gs-find-verdict", { role: "status" });
  view.reads = make("p.gs-find-reads");
  view.chart = make("div.gs-find-chart");
  view.yardstick = make("p");
  const meaning = make(
    "details.gs-find-details",
    make("summary", "What the number means"),
    make(
      "p",
      "mse is the mean over all pixels (and colours) of the squared difference, where black is 0 and white is 1. " +
        "The search makes it small; 0 would be the same picture.",
    ),
    view.yardstick,
    make(
      "p",
      "Our words for it are a rule of thumb: up to 0.0002 the same to the eye, up to 0.005 nearly the same, " +
        "up to 0.015 alike, up to 0.04 related. " +
        "It knows nothing of meaning: a digit moved by two pixels can be farther off than another digit.",
    ),
  );
  view.resultButtons = [
    button("explore", "Edit with sliders", "Open the found picture in Explore, with its sliders"),
    button("walk", "Walk from it", "Walk: a path from a seed to the found picture"),
    button("breed", "Breed from it", "Breed: children of the found picture"),
    button("save", "Save both", "Save the target and the found picture as one PNG file"),
    button("copy", "Copy link", "Copy a link that opens Explore on the found picture"),
  ];
  view.notice = make("span.gs-quiet", { role: "status" });
  return make(
    "div.gs-find-right",
    view.verdict,
    view.reads,
    view.chart,
    meaning,
    make("div.gs-row.gs-find-takers", ...view.resultButtons, view.notice),
  );
}
