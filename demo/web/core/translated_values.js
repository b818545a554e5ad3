// Values of Gradio's dropdowns in another language: they stand in inputs, whose values are the server's, so that their
// translation is shown above them while nobody types.
const EVERY_MS = 400; // a program that sets a value makes no event

/** @param {HTMLElement} page @param {(text: string) => string} translate */
export function translateValues(page, translate) {
  const inputs = /** @type {HTMLCollectionOf<HTMLInputElement>} */ (page.getElementsByTagName("input"));
  setInterval(() => {
    if (document.hidden) return;
    for (const input of inputs) if (input.getAttribute("role") === "combobox") show(input, translate);
  }, EVERY_MS);
}

function show(/** @type {HTMLInputElement} */ input, /** @type {(text: string) => string} */ translate) {
  const place = input.parentElement, found = translate(input.value);
  if (!place) return;
  if (found === input.value) delete place.dataset.shown;
  else if (place.dataset.shown !== found) place.dataset.shown = found;
}
