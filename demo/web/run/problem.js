// An error of a form, beside the field that it is about, until something in the form is changed.
import { make } from "../core/dom.js";

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, _trigger, watch) {
  const line = make("p.gs-error", { role: "alert" }), here = element.querySelector(".gs-problem");
  const form = element.closest(".gs-train-form");
  /** @type {HTMLElement | null} */
  let input = null;

  function clear() {
    line.textContent = "";
    here.append(line);
    element.hidden = true;
    input?.removeAttribute("aria-invalid");
    input = null;
  }

  function show() {
    clear();
    const { message, field } = props.value || {};
    if (!message) return;
    // A field in a folded part of the form is not there.
    const box = field && document.getElementById(field);
    const shown = Boolean(box?.offsetParent);
    element.hidden = shown;
    (shown ? box : here).append(line);
    line.textContent = message;
    input = /** @type {HTMLElement | null} */ (box?.querySelector("input, textarea"));
    input?.setAttribute("aria-invalid", "true");
    input?.focus();
    line.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("input", clear);
  watch("value", show);
  show();
}
