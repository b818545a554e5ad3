// The page's address: which tab is open, and the state of what it shows, so that Back, Forward, a reload and a bookmark
// lead to it. No other module reads or writes it (tests/web/layers.test.mjs).
import { OPENING_FIELDS, TABS } from "./constants.js";
import { copyText } from "./dom.js";

// A change is written once it has rested. Browsers allow some 100 writes in 30 seconds.
const REST_MS = 400;
// What all links may hold. Other fields are not ours, such as those of a search engine: they stay in the address.
const STATE_FIELDS = [
  ...OPENING_FIELDS,
  ...["model", "weights"],
  ...["seed", "at", "class", "truncation", "set", "moves", "named", "classes", "pca", "z"], // Explore's
  ...["keys", "frames", "way", "closed"], // Walk's
  ...["mix", "map"], // Inside's
];
const MAX_LETTERS = 8000; // of a state: servers refuse addresses of more than some 60,000
const HUB = "https://huggingface.co";

/**
 * What a tab keeps in the address.
 * @typedef {object} TabState
 * @property {() => Record<string, any>} read the state as fields; none before there is a state
 * @property {(fields: URLSearchParams) => void} [restore] show the state that Back or Forward leads to; without fields,
 *   what the tab shows by itself
 * @property {string} [byItself] what it showed without a link, which an address needs not say
 */
/** @type {Record<string, TabState>} */
const states = {};

/** The tab that fields open. @param {URLSearchParams} fields */
export function tabOf(fields) {
  const named = fields.get("tab");
  if (TABS.includes(named)) return named;
  const implied = OPENING_FIELDS.find((field) => fields.get(field)) ?? TABS[0];
  return implied === "run" ? "train" : implied;
}

/** The address's fields. */
export const fieldsNow = () => new URLSearchParams(location.search);

/** The address's fields if it is one of this tab's, else none. @param {string} tab */
export function fieldsOf(tab) {
  const fields = fieldsNow();
  return tabOf(fields) === tab ? fields : new URLSearchParams();
}

// As a query, with the commas and colons of our lists readable, which a query may hold.
const queryOf = (fields) => new URLSearchParams(fields).toString().replaceAll("%2C", ",").replaceAll("%3A", ":");

/** A link to this page. @param {Record<string, any>} fields */
export const linkOf = (fields) => `${location.href.split(/[?#]/)[0]}?${queryOf(fields)}`;

/** Copy a link; where copying is not allowed, the address bar gets it. Returns a sentence for the user.
 * @param {string} link */
export async function copyAddress(link) {
  if (await copyText(link)) return "Link copied.";
  write("replaceState", new URL(link).searchParams);
  return "The link is now in the address bar.";
}

/** @type {string | null} */
let openTab = null;
let resting = 0;
/** @type {(tab: string) => void} */
let select = () => {};

/** Begin to keep the open tab in the address; `choose` opens one. Returns the tab of the address.
 * @param {(tab: string) => void} choose */
export function followTabs(choose) {
  openTab = tabOf(fieldsNow());
  select = choose;
  addEventListener("popstate", returned);
  return openTab;
}

/** The user, or the page, opened a tab. @param {string} tab */
export function tabOpened(tab) {
  if (!openTab || tab === openTab) return;
  if (resting) writeNow();
  openTab = tab;
  write("pushState", addressOf(tab));
}

/** Keep a tab's state in the address. Call `opened` when it first shows something, `changed` after every change.
 * @param {string} tab @param {TabState["read"]} read @param {TabState["restore"]} [restore] */
export function keepState(tab, read, restore) {
  const state = states[tab] = /** @type {TabState} */ ({ read, restore });
  const linked = stateText(fieldsNow());
  return {
    opened() {
      if (!linked) state.byItself ??= stateText(read());
    },
    changed() {
      stop();
      resting = setTimeout(writeNow, REST_MS);
    },
  };
}

function stop() {
  clearTimeout(resting);
  resting = 0;
}

function writeNow() {
  stop();
  // The link that a tab without a state was opened by stays.
  if (states[openTab]) write("replaceState", addressOf(openTab));
}

// Back or Forward: the tab of that address, and its state where it has another one by now.
function returned() {
  stop();
  const fields = fieldsNow();
  openTab = tabOf(fields);
  select(openTab);
  const state = states[openTab];
  if (!state) return;
  const wanted = stateText(fields), shown = stateText(state.read());
  if ((wanted || (state.byItself ?? "")) === shown) return;
  if (state.restore) state.restore(fields);
  // Only the server can show it, and only to a page that shows nothing yet.
  else if (wanted && !shown) location.reload();
  else writeNow();
}

/** A state as text that does not depend on the order of its fields.
 * @param {URLSearchParams | Record<string, any>} fields */
function stateText(fields) {
  const ours = [...new URLSearchParams(fields)].filter(([name]) => STATE_FIELDS.includes(name));
  const text = new URLSearchParams(ours.sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  return text.length > MAX_LETTERS ? "" : text;
}

/** The fields of the address that shows a tab as it is. @param {string} tab */
function addressOf(tab) {
  const { read, byItself } = states[tab] ?? { read: () => ({}), byItself: "" };
  const state = read(), text = stateText(state);
  const fields = new URLSearchParams(text && text !== byItself ? state : {});
  if (tabOf(fields) !== tab) fields.set("tab", tab);
  return fields;
}

/** Load the page anew, in another language. */
export function reload() {
  takeField("lang");
  location.reload();
}

/** A field's value, which the address then has no longer. @param {string} name */
export function takeField(name) {
  const fields = fieldsNow(), value = fields.get(name);
  fields.delete(name);
  if (value !== null) replaceQuery(fields);
  return value;
}

function replaceQuery(/** @type {URLSearchParams} */ fields) {
  const query = queryOf([...fields]);
  history.replaceState(history.state, "", location.pathname + (query && `?${query}`) + location.hash);
}

/** @param {"pushState" | "replaceState"} how @param {URLSearchParams} fields all that are ours */
function write(how, fields) {
  const others = [...fieldsNow()].filter(([name]) => name !== "tab" && !STATE_FIELDS.includes(name));
  const query = queryOf([...fields, ...others]);
  const search = query && `?${query}`;
  if (how === "replaceState" && search === location.search) return;
  try {
    history[how](history.state, "", location.pathname + search + location.hash);
  } catch { /* not allowed in some frames, nor too often: the page works without */ }
  // A Space is a frame on the Hub, whose own address people see; only our fields are for it.
  if (location.hostname.endsWith(".hf.space")) parent.postMessage({ queryString: `?${fields}` }, HUB);
}
