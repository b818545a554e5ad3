// Breed's shelf: the pictures that someone kept. The browser remembers them, as texts, for each model.
import { store, stored } from "../core/page.js";
import { make } from "../core/dom.js";
import { packZ } from "../core/latent_text.js";
import { draggable, droppable, portrait } from "./grid.js";
import { readPerson } from "./lineage.js";

const KEY = "ganscope-shelf", MOST = 24; // a walk has at most 24 key pictures
const FACE = 64;

/**
 * The shelf, and the browser's memory of it.
 * @param {object} given
 * @param {() => ReturnType<typeof import("./lineage.js").lineage>} given.family
 * @param {(person: import("./lineage.js").Person) => any[]} given.tools [text, hint, act] of what can be done with
 *   one, beside taking it away
 * @param {() => void} given.changed
 * @param {(most: number) => void} given.full
 */
export function shelfOf({ family, tools, changed, full }) {
  const element = make("ul.gs-shelf");
  let people = [], model = null;

  const recall = () => {
    const all = stored(KEY);
    return all && typeof all === "object" ? all : {};
  };

  function remember() {
    const all = recall();
    all[model] = people.map((one) => ({
      label: one.label,
      text: one.kind === "seed" ? String(one.seed) : `z${packZ(one.z)}`,
    }));
    store(KEY, JSON.stringify(all));
  }

  // What was kept of a model before: persons without z and picture yet.
  function open(name, z_dim) {
    model = name;
    const stored = recall()[name];
    people = (Array.isArray(stored) ? stored : []).slice(0, MOST).flatMap((kept) => {
      const facts = readPerson(String(kept?.text), () => [], z_dim);
      return facts?.kind === "seed" || facts?.kind === "own"
        ? [family().person({ ...facts, label: String(kept.label).slice(0, 80) })]
        : [];
    });
    show();
    return people;
  }

  // Whether it is there now.
  function add(person) {
    if (people.some((one) => one.z.every((value, i) => value === person.z[i]))) return true;
    if (people.length === MOST) {
      full(MOST);
      return false;
    }
    people.push(person);
    done();
    return true;
  }

  function remove(person) {
    people = people.filter((one) => one !== person);
    done();
  }

  function done() {
    remember();
    show();
    changed();
  }

  function show() {
    element.replaceChildren(...people.map((one) => {
      const picture = make("div.gs-face", { title: one.label }, portrait(one, FACE));
      draggable(picture, () => one);
      const buttons = [...tools(one), ["✕", "Take from the shelf", () => remove(one)]].map(([text, hint, onclick]) =>
        make("button", { title: hint, "aria-label": `${hint}: ${one.label}`, onclick }, text)
      );
      return make("li", picture, make("div.gs-tools", ...buttons));
    }));
    if (!people.length) {
      element.append(
        make(
          "li.gs-quiet.gs-none",
          "Empty. Keep a child: press K on it, drag it here, or press Keep under the parent.",
        ),
      );
    }
  }

  droppable(element, add);
  return { element, open, add, show, all: () => people };
}
