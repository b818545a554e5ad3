// Gradio's messages (toasts), shown for what has no field of its own. What was wrong is over once something else is
// pressed or changed: then they go. style.css places them where they cover nothing that must be pressed.

/** @param {EventTarget} page */
export function dismissToasts(page) {
  function leave({ target }) {
    if (/** @type {Element} */ (target).closest?.(".toast-wrap")) return;
    for (const close of document.querySelectorAll(".toast-wrap .toast-close")) {
      /** @type {HTMLElement} */ (close).click();
    }
  }
  for (const name of ["click", "input"]) page.addEventListener(name, leave, true);
}
