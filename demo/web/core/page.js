// What belongs to the page, not to one tab: the light/dark switch, switching tabs and passing data between them, and
// the page's secret token. Each `mount…` is one of the page's components (demo/page.py).
import { identify, url } from "./api.js";
import { UPLOAD_TOKEN } from "./constants.js";
import { lazy, make, skipButton } from "./dom.js";
import { showPixels } from "./enlarge.js";
import { store, stored } from "./storage.js";
import { chooseLanguage, language, LANGUAGES } from "./texts.js";

const KEY = "ganscope-theme", PIXELS_KEY = "ganscope-pixels";
const dark = () => document.body.classList.contains("dark");

/** @type {import("./types.d.ts").Mount} */
export function mountHeader(element) {
  const toggle = make("button", { onclick: () => choose(dark() ? "light" : "dark") });
  const choose = (theme) => {
    document.body.classList.toggle("dark", theme === "dark");
    store(KEY, theme);
    show();
  };
  const show = () => {
    toggle.textContent = dark() ? "Light" : "Dark";
    toggle.setAttribute("aria-label", `Switch to ${dark() ? "light" : "dark"} colours`);
  };
  const kept = stored(KEY, (text) => text);
  if (kept) document.body.classList.toggle("dark", kept === "dark");
  show();
  element.querySelector(".gs-header").append(
    make("h1", "GAN", make("span", "scope")),
    make("canvas.gs-glance", { role: "img", "aria-label": "Random numbers become a picture" }), // glance.js
    make("p", "See a GAN learn, then walk through what it learned."),
    languageSwitch(),
    pixelSwitch(),
    toggle,
  );
  document.documentElement.lang = language();
  const page = /** @type {HTMLElement} */ (element.closest(".gradio-container"));
  if (language() !== LANGUAGES[0]) {
    lazy(() => import("./translate.js")).then(({ translatePage }) => translatePage(page));
  }
}

// Each language in its own words, which are not translated.
function languageSwitch() {
  const other = LANGUAGES.find((name) => name !== language());
  const [text, label] = { en: ["EN", "Show this page in English"], zh: ["中文", "用中文显示本页"] }[other];
  return make(
    "button",
    { onclick: () => chooseLanguage(other), lang: other, translate: false, "aria-label": label },
    text,
  );
}

// Pictures from 64 pixels on are resampled (enlarge.js); this shows them as they are.
function pixelSwitch() {
  const button = make("button", {
    hint: "Show each pixel as a square, also where pictures are smoothed (from 64 pixels)",
    onclick: () => choose(button.getAttribute("aria-pressed") !== "true"),
  }, "Pixels");
  const show = (/** @type {boolean} */ on) => {
    button.setAttribute("aria-pressed", String(on));
    showPixels(on);
  };
  const choose = (/** @type {boolean} */ on) => {
    store(PIXELS_KEY, on ? "shown" : "");
    show(on);
  };
  show(stored(PIXELS_KEY, (text) => text) === "shown");
  return button;
}

// Data sent to tabs whose modules are not loaded yet.
/** @type {Record<string, any>} */
const waiting = {};
/** @type {Record<string, (detail: any) => void>} */
const receivers = {};
/** @type {(tab: string) => void} */
let open = () => {};

// With Gradio's block around it, which would leave a gap in the page.
function hide(element) {
  element.hidden = true;
  const block = element.closest(".block");
  if (block) block.style.display = "none";
}

/** The one component that can switch tabs (demo/page.py). @type {import("./types.d.ts").Mount} */
export function mountTabs(element, _props, trigger) {
  hide(element);
  const ask = open = (/** @type {string} */ tab) => trigger("go", { tab });
  const page = /** @type {HTMLElement} */ (element.closest(".gradio-container"));
  // Not needed for the first picture.
  const strip = lazy(() => import("./tab_strip.js")).then(({ tabStrip }) => tabStrip(page, ask));
  strip.then((made) => {
    open = made.open;
  }, () => {}); // the tabs work all the same
  lazy(() => import("./toasts.js")).then(({ dismissToasts }) => dismissToasts(document), () => {});
  lazy(() => import("./terms.js")).then(({ explainTerms }) => explainTerms(page), () => {});
  page.prepend(skipButton("Skip to the open tab", async () => (await strip).focusPanel()));
}

/** Open a tab. @param {string} tab */
export const openTab = (tab) => open(tab);

/** Open a tab and send it data, such as {model, z, label}. @param {string} tab @param {any} detail */
export function sendTo(tab, detail) {
  waiting[tab] = detail;
  deliver(tab);
  open(tab);
}

/** Register a tab's receiver; data sent before its module was loaded is delivered now.
 * @param {string} tab @param {(detail: any) => void} callback */
export function receive(tab, callback) {
  receivers[tab] = callback;
  deliver(tab);
}

/** @param {string} tab */
function deliver(tab) {
  if (!receivers[tab] || !(tab in waiting)) return;
  const detail = waiting[tab];
  delete waiting[tab];
  receivers[tab](detail);
}

// Pictures kept in Explore, a queue for Walk, which may not be loaded yet.
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

/** @type {(token: string) => void} */
let arrived;
/** @type {Promise<string>} */
const token = new Promise((resolve) => {
  arrived = resolve;
});

/** The hidden component whose value is the token (demo/page.py). @type {import("./types.d.ts").Mount} */
export function mountToken(element, props, _trigger, watch) {
  hide(element);
  const look = () => {
    if (!props.value) return;
    identify(props.value);
    arrived(props.value);
  };
  // A page that the browser keeps (bfcache) may be shown again.
  addEventListener("pagehide", (event) => {
    if (!event.persisted && props.value) navigator.sendBeacon(url("page/closed"), props.value);
  });
  watch("value", look);
  look();
}

/** Options for `fetchRoute`, with the token once it is there.
 * @param {Omit<RequestInit, "headers">} [options]
 * @returns {Promise<RequestInit & {headers: Record<string, string>}>} */
export async function withPageToken(options = {}) {
  return { ...options, headers: { [UPLOAD_TOKEN]: await token } };
}
