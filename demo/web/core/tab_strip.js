// Gradio's strip of tabs: which tab is open, opening one, and what the strip lacks for the keyboard and for phones.
import { followTabs, tabOpened } from "./address.js";
import { TABS } from "./constants.js";

// Gradio names each button by its tab's id (demo/page.py).
const NAME = "data-tab-id";
const KEYS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** Follows the strip, and keeps the open tab in the address.
 * @param {Element} page with the strip in it @param {(tab: string) => void} ask opens a tab that has no button in the
 *   strip, where it is too narrow for all */
export function tabStrip(page, ask) {
  const buttons =
    () => /** @type {HTMLElement[]} */ ([...page.querySelectorAll(`.tab-container [role='tab'][${NAME}]`)]);
  const selected = () => buttons().find((button) => button.getAttribute("aria-selected") === "true");

  function look() {
    const chosen = selected();
    if (!chosen) return;
    // One stop of the Tab key, as the ARIA pattern for tabs has it; arrow keys lead on.
    for (const button of buttons()) button.tabIndex = button === chosen ? 0 : -1;
    bringIntoSight(chosen);
  }

  function open(/** @type {string} */ tab) {
    const button = buttons().find((each) => each.getAttribute(NAME) === tab);
    if (button) button.click();
    else ask(tab);
  }

  page.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const all = buttons(), at = all.indexOf(/** @type {HTMLElement} */ (event.target)), by = KEYS[event.key];
    if (at < 0 || !by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = Number.isFinite(by) ? all[(at + by + all.length) % all.length] : by < 0 ? all[0] : all.at(-1);
    next.focus();
    next.click();
  });

  new MutationObserver((changes) => {
    // The options of menus are selected as well.
    if (!changes.some(({ target }) => /** @type {Element} */ (target).role === "tab")) return;
    look();
    if (selected()) tabOpened(selected().getAttribute(NAME));
  }).observe(page, { subtree: true, attributeFilter: ["aria-selected"] });
  // The link's tab, unless the user was faster.
  const linked = followTabs(open), chosen = selected()?.getAttribute(NAME) ?? TABS[0];
  if (chosen !== TABS[0]) tabOpened(chosen);
  else if (linked !== chosen) open(linked);
  look();

  return {
    open,
    focusPanel() {
      const panel = /** @type {HTMLElement | null} */ (page.querySelector(`#tab-${selected()?.getAttribute(NAME)}`));
      if (!panel) return;
      panel.tabIndex = -1;
      panel.focus();
    },
  };
}

// On a phone the strip is wider than the screen.
function bringIntoSight(tab) {
  const strip = tab.closest(".tab-wrapper");
  if (!strip) return;
  const seen = strip.getBoundingClientRect(), { left, width } = tab.getBoundingClientRect();
  strip.scrollLeft += left + width / 2 - (seen.left + seen.width / 2);
}
