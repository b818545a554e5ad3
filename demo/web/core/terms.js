// Terms of art, each explained where it stands: pointed at, focused or tapped. `term` in dom.js makes one, and
// demo/tabs/theme.py one in the texts of Gradio's components.
import { make } from "./dom.js";
import { texts } from "./texts.js";

/** @typedef {Record<string, {term: string, text: string}>} Glossary each term, and one sentence for somebody who has
 *  never trained a network */

const EDGE = 12, GAP = 6; // CSS pixels: from the window's edges, from the term

/** Explain terms from now on. @param {HTMLElement} page */
export async function explainTerms(page) {
  /** @type {Glossary} */
  const glossary = await texts("glossary");
  // What assistive technology reads of a term in focus.
  const paragraphs = Object.entries(glossary).map(([key, { text }]) => make("p", { id: `gs-term-${key}` }, text));
  const bubble = make("div.gs-bubble", { hidden: true, "aria-hidden": "true" });
  page.append(make("div", { hidden: true }, ...paragraphs), make("div.gs", bubble));
  /** @type {HTMLElement | null} */
  let shown = null;

  const termOf = (
    target,
  ) => /** @type {HTMLElement | null} */ (target instanceof Element ? target.closest(".gs-term") : null);

  function show(/** @type {HTMLElement | null} */ term) {
    if (term && !glossary[term.dataset.term]) return;
    shown = term;
    bubble.hidden = !term;
    if (!term) return;
    bubble.textContent = glossary[term.dataset.term].text;
    place();
  }

  function place() {
    if (!shown) return;
    const at = shown.getBoundingClientRect(), { offsetWidth: width, offsetHeight: height } = bubble;
    const below = at.bottom + GAP, above = at.top - GAP - height;
    const left = Math.max(EDGE, Math.min(at.left, document.documentElement.clientWidth - EDGE - width));
    bubble.style.left = `${left}px`;
    bubble.style.top = `${below + height > window.innerHeight - EDGE && above > EDGE ? above : below}px`;
  }

  page.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch" || bubble.contains(/** @type {Node} */ (target))) return;
    const term = termOf(target);
    if (term) show(term);
    else if (shown && shown !== document.activeElement) show(null);
  });
  page.addEventListener("focusin", ({ target }) => show(termOf(target)));
  page.addEventListener("focusout", ({ target }) => termOf(target) === shown && show(null));
  // A tap does not focus a button everywhere.
  page.addEventListener("click", ({ target }) => termOf(target)?.focus());
  document.addEventListener("keydown", ({ key }) => key === "Escape" && show(null));
  for (const event of ["scroll", "resize"]) addEventListener(event, place, { passive: true, capture: true });
}
