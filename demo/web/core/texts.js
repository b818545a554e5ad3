// Texts that are kept by language: demo/web/texts/LANGUAGE/AREA.json.
import { fieldsNow, reload } from "./address.js";
import { lazy } from "./dom.js";
import { store, stored } from "./storage.js";

/** Those that there are, the first one where nothing is said. */
export const LANGUAGES = ["en", "zh"];
const KEY = "ganscope-language";

/** The page's language: of the link, else the reader's choice, else the browser's. */
export function language() {
  const wanted = [fieldsNow().get("lang"), stored(KEY, (text) => text), ...(navigator.languages ?? [])];
  const known = wanted.map((name) => LANGUAGES.find((one) => name?.toLowerCase().split("-")[0] === one));
  return known.find(Boolean) ?? LANGUAGES[0];
}

/** Show the page in another language, now and at the next visit. @param {string} name */
export function chooseLanguage(name) {
  store(KEY, name);
  reload();
}

/** The texts of an area in the page's language. @param {string} area such as "lessons" @returns {Promise<any>} */
export const texts = (area) =>
  lazy(async () => {
    const answer = await fetch(new URL(`../texts/${language()}/${area}.json`, import.meta.url));
    if (!answer.ok) throw new Error(`${area}: ${answer.status}`);
    return answer.json();
  });

/** A text with values in the place of its {names}.
 * @param {string} text @param {Record<string, string | number>} values */
export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
