// The class that a tab draws: a row of chips for models that have classes, and what it does to z.
import { lazy, make } from "./dom.js";
import { wrongField } from "./link_fields.js";

const NO_CLASSES = "has no meaning: this model has no classes";

/**
 * A tab's choice. `element` is hidden for models without classes, for which nothing more is loaded. `index` is the
 * chosen class, null for any.
 * @param {(index: number | null) => void} chosen by the user
 * @param {string} hint what a choice does, in a few words
 * @param {object} [into] becomes the choice
 */
export function classChoice(chosen, hint, into = {}) {
  const row = make("div.gs-class-row", { role: "radiogroup", "aria-label": "Class" });
  const element = make("div.gs-classes", { hidden: true }, make("span.gs-name", "Class"), row);
  element.append(make("span.gs-quiet.gs-hint", hint));
  /** @type {typeof import("./classes.js") | null} */
  let rules = null;
  /** @type {import("./classes.js").Classes} */
  let model = { classes: 0, class_names: [] };
  const choice = Object.assign(into, {
    element,
    /** @type {number | null} */
    index: null,
    ready,
    open,
    set,
    mark,
    /** z of the chosen class; z itself for any. @param {Float32Array} z */
    put: (z) => (choice.index === null ? z : rules.withClass(z, model.classes, choice.index)),
    /** z that was moved, still in the chosen class. @param {Float32Array} z */
    keep: (z) => (choice.index === null ? z : rules.keepClass(z, model.classes, choice.index)),
    /** The name of the class of a z, which is asked for where there are classes; "" for models without.
     * @param {() => ArrayLike<number>} zOf */
    nameOf: (zOf) => (model.classes ? rules.classTitle(model, rules.classOf(zOf(), model.classes)) : ""),
    /** @param {number} index */
    title: (index) => rules.classTitle(model, index),
    /** The choice as a link has it; undefined for any. */
    text: () => (choice.index === null ? undefined : rules.classText(model, choice.index)),
    /** The choice as a name, "" for any. */
    name: () => (choice.index === null ? "" : rules.classTitle(model, choice.index)),
  });

  /** Load what a model with classes needs: before anything of it is shown. @param {{classes: number}} info */
  async function ready({ classes }) {
    if (classes) rules ??= await lazy(() => import("./classes.js"));
  }

  /** Another model is shown; `text` is the class of a link. Returns sentences about one that does not fit. Call it
   * after `ready`. @param {import("./classes.js").Classes} info @param {string | null} [text] @returns {string[]} */
  function open(info, text = null) {
    model = info;
    choice.index = null;
    const index = text === null || !info.classes ? undefined : rules.classIn(info, text);
    show();
    set(index ?? null);
    if (text === null || index !== undefined) return [];
    return [wrongField("class", text, info.classes ? rules.classRule(info) : NO_CLASSES)];
  }

  function show() {
    element.hidden = !model.classes;
    const titles = Array.from({ length: model.classes }, (_, i) => rules.classTitle(model, i));
    row.replaceChildren(
      ...["any", ...titles].map((title, place) =>
        make("button.gs-class-chip", { role: "radio", title, onclick: () => choose(place) }, title)
      ),
    );
  }

  const place = () => (choice.index === null ? 0 : choice.index + 1);
  const chips = () => /** @type {HTMLButtonElement[]} */ ([...row.children]);

  /** Show a choice. @param {number | null} index */
  function set(index) {
    choice.index = index;
    chips().forEach((chip, i) => {
      chip.setAttribute("aria-checked", String(i === place()));
      chip.tabIndex = i === place() ? 0 : -1;
    });
    reveal(chips()[place()]);
  }

  function choose(wanted) {
    set(wanted ? wanted - 1 : null);
    chosen(choice.index);
  }

  /** Mark the class that is on screen, which "any" leaves open. @param {() => ArrayLike<number>} zOf */
  function mark(zOf) {
    if (!model.classes) return;
    const shown = row.children[rules.classOf(zOf(), model.classes) + 1];
    if (shown.classList.contains("gs-class-shown")) return;
    row.querySelector(".gs-class-shown")?.classList.remove("gs-class-shown");
    shown.classList.add("gs-class-shown");
  }

  // Within the row, which scrolls: the page stays where it is.
  function reveal(chip) {
    if (!chip) return;
    const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = chip;
    if (left < row.scrollLeft || left + width > row.scrollLeft + row.clientWidth) {
      row.scrollLeft = left - row.clientWidth / 2;
    }
    if (top < row.scrollTop || top + height > row.scrollTop + row.clientHeight) row.scrollTop = top - height;
  }

  // As radio buttons: one is in the tab order, arrow keys choose.
  const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
  row.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const count = row.children.length, ends = { Home: 0, End: count - 1 };
    const to = ends[event.key] ?? (place() + (steps[event.key] ?? NaN) + count) % count;
    if (Number.isNaN(to)) return;
    event.preventDefault();
    choose(to);
    chips()[to].focus();
  });

  return choice;
}
