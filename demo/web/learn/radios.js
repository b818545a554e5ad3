// A group of radio buttons under a question.
import { make } from "../core/dom.js";

let groups = 0;

/** @param {(string | Node)[]} question @param {[name: string, text: string][]} rows
 * @param {(name: string) => void} changed */
export function radios(question, rows, changed = () => {}) {
  const group = `gs-radios-${++groups}`;
  const inputs = rows.map(([value]) =>
    make("input", { type: "radio", name: group, value, onchange: () => changed(value) })
  );
  const options = rows.map(([, text], i) => make("label.gs-option", inputs[i], make("span", text)));
  return {
    element: make("fieldset.gs-options", make("legend", ...question), ...options),
    /** The name of what is chosen, "" if nothing is. */
    chosen: () => inputs.find(({ checked }) => checked)?.value ?? "",
    choose(/** @type {string} */ name) {
      for (const input of inputs) input.checked = input.value === name;
    },
    clear() {
      for (const input of inputs) input.checked = false;
    },
  };
}
