// Breed's shelf: kept pictures, stored per model in localStorage as text.
import { make } from "../core/dom.js";
import { packZ } from "../core/latent_text.js";
import { store, stored } from "../core/storage.js";
import { draggable, droppable, portrait } from "./grid.js";
import { readIndividual } from "./lineage.js";

const KEY = "ganscope-shelf", MAX_COUNT = 24; // a walk has at most 24 key pictures
const FACE = 64;

/**
 * The shelf and its storage.
 * @param {object} options
 * @param {() => ReturnType<typeof import("./lineage.js").lineage>} options.family
 * @param {(individual: import("./lineage.js").Individual) => any[]} options.tools [text, hint, act] of the actions for
 *   one, beside removal
 * @param {() => void} options.changed
 * @param {(most: number) => void} options.full
 */
export function shelfOf({ family, tools, changed, full }) {
  const element = make("ul.gs-shelf");
  let individuals = [], model = null;

  const recall = () => {
    const all = stored(KEY);
    return all && typeof all === "object" ? all : {};
  };

  function remember() {
    const all = recall();
    all[model] = individuals.map((one) => ({
      label: one.label,
      text: one.kind === "seed" ? String(one.seed) : `z${packZ(one.z)}`,
    }));
    store(KEY, JSON.stringify(all));
  }

  // The stored pictures of a model, still without z and pixels.
  function open(name, z_dim) {
    model = name;
    const stored = recall()[name];
    individuals = (Array.isArray(stored) ? stored : []).slice(0, MAX_COUNT).flatMap((kept) => {
      const facts = readIndividual(String(kept?.text), () => [], z_dim);
      return facts?.kind === "seed" || facts?.kind === "latent"
        ? [family().individual({ ...facts, label: String(kept.label).slice(0, 80) })]
        : [];
    });
    show();
    return individuals;
  }

  // Returns whether it is on the shelf now.
  function add(individual) {
    if (individuals.some((one) => one.z.every((value, i) => value === individual.z[i]))) return true;
    if (individuals.length === MAX_COUNT) {
      full(MAX_COUNT);
      return false;
    }
    individuals.push(individual);
    done();
    return true;
  }

  function remove(individual) {
    individuals = individuals.filter((one) => one !== individual);
    done();
  }

  function done() {
    remember();
    show();
    changed();
  }

  function show() {
    element.replaceChildren(...individuals.map((one) => {
      const picture = make("div.gs-face", { title: one.label }, portrait(one, FACE));
      draggable(picture, () => one);
      const buttons = [...tools(one), ["✕", "Remove from the shelf", () => remove(one)]].map(([text, hint, onclick]) =>
        make("button", { title: hint, "aria-label": `${hint}: ${one.label}`, onclick }, text)
      );
      return make("li", picture, make("div.gs-tools", ...buttons));
    }));
    if (!individuals.length) {
      element.append(
        make(
          "li.gs-quiet.gs-none",
          "Empty. Keep a child: press K on it, drag it here, or press Keep under the parent.",
        ),
      );
    }
  }

  droppable(element, add);
  return { element, open, add, show, all: () => individuals };
}
