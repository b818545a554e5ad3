// "Show me": opens the tab where a lesson goes on, marks the control, and says when the reader has used it.
import { make } from "../core/dom.js";
import { openTab } from "../core/page.js";

const PATIENCE_MS = 20000; // for a tab's module to be loaded

/** @type {(() => void) | null} */
let end = null;

/**
 * Begin; a tour that is under way ends.
 * @param {import("./chapters.js").Chapter["show"]} place
 * @param {{task: string, done: string, back: string, close: string, title: string}} words
 * @param {{did: () => void, back: () => void}} actions
 */
export async function showMe({ tab, mark, on, done }, words, { did, back }) {
  end?.();
  openTab(tab);
  const text = make("span", `${words.title}: ${words.task}`), panel = /** @type {Element} */ (tabPanel(tab));
  const bar = make(
    "div.gs.gs-tour",
    { role: "status" },
    text,
    make("button.gs-main", { onclick: () => (stop(), back()) }, words.back),
    make("button", { onclick: () => stop(), "aria-label": words.close }, "✕"),
  );
  document.querySelector(".gradio-container")?.append(bar);
  let marked = /** @type {Element | null} */ (null), over = false;

  function seen(/** @type {Event} */ event) {
    const target = event.target instanceof Element ? event.target : null;
    if (!target?.closest(done) || !panel?.contains(target)) return;
    text.textContent = `✓ ${words.done}`;
    bar.dataset.done = "yes";
    unlisten();
    did();
  }
  const names = on.split(" ");
  const unlisten = () => names.forEach((name) => document.removeEventListener(name, seen, true));
  names.forEach((name) => document.addEventListener(name, seen, true));

  function stop() {
    over = true;
    unlisten();
    marked?.classList.remove("gs-marked");
    bar.remove();
    if (end === stop) end = null;
  }
  end = stop;

  const until = performance.now() + PATIENCE_MS;
  while (!over && performance.now() < until) {
    marked = panel?.querySelector(mark) ?? document.querySelector(mark);
    if (marked instanceof HTMLElement && marked.offsetParent) break;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  if (over || !marked) return;
  marked.classList.add("gs-marked");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  marked.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

const tabPanel = (tab) => document.getElementById(`tab-${tab}`) ?? document.body;
