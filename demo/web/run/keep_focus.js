// A button that is disabled by being pressed loses the keyboard's focus: it goes to one that can be pressed now.

/** Train leads to Stop, and Stop to Continue. @param {Element} row of buttons */
export function keepFocus(row) {
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
    buttons.findLast((button) => !button.disabled)?.focus();
  }).observe(row, { subtree: true, childList: true, attributeFilter: ["disabled"] });
}
