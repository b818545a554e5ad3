// Inside's units of one layer: a tile for each, and what is done to the chosen one.
import { MAX_UNIT_FACTOR } from "../core/constants.js";
import { make, paint, range } from "../core/dom.js";
import { factorOf } from "./edits.js";

const LEAST = 0.1; // overlap from which a unit is said to draw a part
const times = (factor) => `×${factor}`;

/** @param {object} options
 * @param {(layer: number, unit: number, factor: number, done: boolean) => void} options.change `done`: the slider was
 *   let go
 * @param {(layer: number, unit: number | null) => void} options.only
 * @param {() => void} options.more units are asked for */
export function unitsOf({ change, only, more }) {
  const tiles = make("div.gs-units", { role: "group", "aria-label": "Units" });
  const name = make("span.gs-name"), text = make("span.gs-value", { "aria-hidden": "true" });
  const slider = range("How strong the unit is", 0, MAX_UNIT_FACTOR, { step: 0.05, value: 1 });
  const button = (words, hint, onclick) => make("button", { hint, onclick }, words);
  const alone = button("Only this one", "Switch off all other units of this layer", () => {
    only(shown.layer, alone.getAttribute("aria-pressed") === "true" ? null : chosen);
  });
  const tools = make(
    "div.gs-unit-tools",
    { hidden: true },
    make("div.gs-slider", name, slider, text),
    make(
      "div.gs-row",
      button("Off", "Switch this unit off", () => change(shown.layer, chosen, 0, true)),
      button("As it was", "Leave this unit as it was", () => change(shown.layer, chosen, 1, true)),
      alone,
    ),
  );
  const all = make("button", { onclick: more }, "Show all units");
  let chosen = null, shown = { units: [], layer: 0, edits: null };

  slider.oninput = () => change(shown.layer, chosen, slider.valueAsNumber, false);
  slider.onchange = () => change(shown.layer, chosen, slider.valueAsNumber, true);

  function choose(unit) {
    chosen = unit;
    mark();
  }

  // What is chosen, and what is changed.
  function mark() {
    const { units, layer, edits } = shown;
    [...tiles.children].forEach((tile, i) => {
      const factor = factorOf(edits, layer, units[i].unit);
      tile.setAttribute("aria-pressed", String(units[i].unit === chosen));
      tile.classList.toggle("gs-unit-changed", factor !== 1);
      tile.querySelector(".gs-unit-factor").textContent = factor === 1 ? "" : times(factor);
    });
    tools.hidden = chosen === null;
    if (chosen === null) return;
    const factor = factorOf(edits, layer, chosen);
    name.textContent = `Unit ${chosen}`;
    slider.value = String(factor);
    text.textContent = times(factor);
    alone.setAttribute("aria-pressed", String(edits.only[layer] === chosen));
  }

  function tileOf({ unit, part, iou, image }) {
    const canvas = make("canvas", { "aria-hidden": "true" });
    paint(canvas, image);
    const words = part && iou >= LEAST ? part : "";
    return make(
      "button.gs-unit",
      {
        onclick: () => choose(unit),
        "aria-label": `Unit ${unit}`,
        title: words && `${part}: overlap (IoU) ${iou.toFixed(2)}`,
      },
      canvas,
      make("span.gs-unit-name", `${unit}`),
      make("span.gs-quiet", words),
      make("span.gs-unit-factor"),
    );
  }

  return {
    children: [tools, tiles, all],
    /** Another layer's are on their way. */
    clear() {
      chosen = null;
      shown = { ...shown, units: [] };
      tiles.replaceChildren();
      tools.hidden = all.hidden = true;
    },
    /** @param {any[]} units @param {number} layer @param {import("./edits.js").Edits} edits
     * @param {number} count of all units of the layer */
    show(units, layer, edits, count) {
      shown = { units, layer, edits };
      const at = [...tiles.children].indexOf(document.activeElement);
      tiles.replaceChildren(...units.map(tileOf));
      if (at >= 0) /** @type {HTMLElement} */ (tiles.children[at])?.focus();
      all.hidden = units.length >= count;
      all.textContent = `Show all ${count} units`;
      mark();
    },
    /** @param {import("./edits.js").Edits} edits */
    showEdits(edits) {
      shown.edits = edits;
      mark();
    },
  };
}
