// Gradio's messages (toasts), shown for what has no field of its own. What was wrong is over once something else is
// pressed or changed: then they go. style.css places them where they cover nothing that must be pressed.

/** @param {EventTarget} page */
export function dismissToasts(page) {
  // A list that the browser keeps: a slider that is dragged sends many events, and there are seldom messages.
  const closes = document.getElementsByClassName("toast-close");
  function leave({ target, isTrusted, type, key = "" }) {
    // What the page itself sets, as it does for a while after opening, makes the same events.
    if (!isTrusted || !closes.length || (type === "keydown" && !key.startsWith("Arrow"))) return;
    if (/** @type {Element} */ (target).closest?.(".toast-wrap")) return;
    for (const close of [...closes]) /** @type {HTMLElement} */ (close).click();
  }
  // Arrow keys press tabs by a click of the program's own.
  for (const name of ["click", "input", "keydown"]) page.addEventListener(name, leave, true);
}
