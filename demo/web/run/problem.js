// An error of a form, beside the field that it is about, until something in the form is changed.
import { fieldError, make } from "../core/dom.js";

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, _trigger, watch) {
  const line = make("p.gs-error", { role: "alert" });
  element.querySelector(".gs-problem").append(line);
  /** @type {ReturnType<typeof fieldError> | null} */
  let beside = null;

  function clear() {
    line.textContent = "";
    element.hidden = true;
    beside?.say("");
    beside?.element.remove();
    beside = null;
  }

  function show() {
    clear();
    const { message, field } = props.value || {};
    if (!message) return;
    // A field in a folded part of the form is not there.
    const box = document.getElementById(field ?? ""), input = box?.offsetParent && box.querySelector("input, textarea");
    if (!input) {
      line.textContent = message;
      element.hidden = false;
      return line.scrollIntoView({ block: "nearest" });
    }
    beside = fieldError(/** @type {HTMLElement} */ (input));
    box.append(beside.element);
    beside.say(message);
    /** @type {HTMLElement} */ (input).focus();
    // On a phone the buttons stand at the bottom of the screen.
    beside.element.scrollIntoView({ block: "center" });
  }

  element.closest(".gs-train-form").addEventListener("input", clear);
  watch("value", show);
  show();
}
