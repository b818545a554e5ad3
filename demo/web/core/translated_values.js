// Values of Gradio's dropdowns in another language: they stand in inputs, whose values are the server's, so that their
// translation is shown above them, and read after them by screen readers. What people have typed stays as it is.
const EVERY_MS = 400; // a program that sets a value makes no event

/** @param {HTMLElement} page @param {(text: string) => string} translate */
export function translateValues(page, translate) {
  const inputs = /** @type {HTMLCollectionOf<HTMLInputElement>} */ (page.getElementsByTagName("input"));
  const typed = new WeakMap(); // an input -> what somebody typed into it
  page.addEventListener("input", ({ target, isTrusted }) => {
    if (isTrusted && target instanceof HTMLInputElement) typed.set(target, target.value);
  }, true);
  setInterval(() => {
    if (document.hidden) return;
    for (const input of inputs) if (input.getAttribute("role") === "combobox") show(input);
  }, EVERY_MS);

  function show(/** @type {HTMLInputElement} */ input) {
    const place = input.parentElement, own = typed.get(input) === input.value || input.closest("[translate=no]");
    if (!place) return;
    const found = own ? input.value : translate(input.value);
    if (found === input.value) {
      delete place.dataset.shown;
      input.removeAttribute("aria-description");
    } else if (place.dataset.shown !== found) {
      place.dataset.shown = found;
      input.setAttribute("aria-description", found);
    }
  }
}
