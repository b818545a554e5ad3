// A button that is disabled by being pressed loses the keyboard's focus: it goes to one that can be pressed now.

/** Train leads to Stop, and Stop to Continue: to the last button. With `near` to the next one, as Undo to Redo.
 * @param {Element} row of buttons @param {boolean} [near] */
export function keepFocus(row, near = false) {
  let last = null; // the button that has, or had, the focus
  row.addEventListener("focusin", ({ target }) => {
    last = target;
  });
  row.addEventListener("focusout", () => {
    if (last?.isConnected && !last.disabled) last = null;
  });
  new MutationObserver(() => {
    const lost = last && (last.disabled || !last.isConnected), { activeElement } = document;
    if (!lost || (activeElement !== document.body && activeElement !== last)) return;
    const buttons = [...row.querySelectorAll("button")].filter((button) => button.offsetParent);
    const able = buttons.filter((button) => !button.disabled);
    const next = near && able.find((button) => last.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING);
    (next || able.at(-1))?.focus();
  }).observe(row, { subtree: true, childList: true, attributeFilter: ["disabled"] });
}
