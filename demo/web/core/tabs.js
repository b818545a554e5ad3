// From tab to tab: what one hands to another, and the component that switches tabs.

// What was handed to a tab whose module is not loaded yet: it takes it as soon as it is there.
/** @type {Record<string, any>} */
const waiting = {};
/** @type {Record<string, (detail: any) => void>} */
const takers = {};
/** @type {(tab: string) => void} */
let open = () => {};

/**
 * The one component that can switch tabs (demo/page.py).
 * @type {import("./types.d.ts").Mount}
 */
export function mount(element, _props, trigger) {
  element.hidden = true;
  open = (tab) => trigger("go", { tab });
  keepTabInSight(element.closest(".gradio-container"));
}

// On a phone the strip of tabs is wider than the screen, and a tab may be opened from elsewhere.
/** @param {Element} page */
function keepTabInSight(page) {
  new MutationObserver((changes) => {
    // The options of menus are selected as well.
    if (!changes.some(({ target }) => /** @type {Element} */ (target).role === "tab")) return;
    const tab = page.querySelector(".tab-container [aria-selected='true']");
    const strip = tab?.closest(".tab-wrapper");
    if (!strip) return;
    const seen = strip.getBoundingClientRect(), { left, width } = tab.getBoundingClientRect();
    strip.scrollLeft += left + width / 2 - (seen.left + seen.width / 2);
  }).observe(page, { subtree: true, attributeFilter: ["aria-selected"] });
}

/**
 * Open a tab and give it something, such as {model, z, label}.
 * @param {string} tab
 * @param {any} detail
 */
export function handOver(tab, detail) {
  waiting[tab] = detail;
  deliver(tab);
  open(tab);
}

/**
 * A tab takes what is handed to it, and what was before its module was loaded.
 * @param {string} tab
 * @param {(detail: any) => void} callback
 */
export function receive(tab, callback) {
  takers[tab] = callback;
  deliver(tab);
}

/** @param {string} tab */
function deliver(tab) {
  if (!takers[tab] || !(tab in waiting)) return;
  const detail = waiting[tab];
  delete waiting[tab];
  takers[tab](detail);
}

// Pictures kept in Explore, until Walk, which may not be open yet, takes them.
/** @type {({model: string} & import("./types.d.ts").Key)[]} */
const kept = [];
const KEPT = "ganscope:keep";

/** @param {{model: string} & import("./types.d.ts").Key} key */
export function keepForWalk(key) {
  kept.push(key);
  document.dispatchEvent(new Event(KEPT));
}

/** The next of the pictures that were kept, oldest first; undefined where there is none. */
export const nextKept = () => kept.shift();

/** @param {() => void} callback called whenever a picture is kept */
export const onKept = (callback) => document.addEventListener(KEPT, callback);
