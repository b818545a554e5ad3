// The page in another language than English. English stands in the code; texts/LANGUAGE has a translation for each
// sentence, by the sentence itself, as gettext does. Whatever comes into the page is looked up there: what modules
// build, what Gradio draws, and what the server says. Loaded only where another language is wanted.
import { texts } from "./texts.js";
import { translateValues } from "./translated_values.js";

const AREAS = ["page", "settings", "messages", "composed"];
const ATTRIBUTES = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
// Code, and what people have typed, stays as it is.
const LEFT = "script, style, pre, code, textarea, [translate=no]";
const WORD = /[A-Za-z]{2}/;
const SENTENCE = /(?<=[.!?:…]) (?=[A-Z“"])| · /; // between two of them
const ITEM = /, (?:and )?/; // between two of a list
const NUMBERED = /^(.+) (\d+)$/;
const HEAD = 3; // letters by which templates are sorted
const SHORT = 12; // letters of a template that says little itself
const WITHIN = "((?:(?![.!?] [A-Z])[\\s\\S])*?)"; // what {} stands for: no end of a sentence
const BEFORE = "((?:(?!, | \\(|[.!?] [A-Z])[\\s\\S])*)"; // the same, where another follows at once
const MAX_KEPT = 5000;
const MOST_INSIDE = 6; // elements in a sentence

/** Begin to translate a page. @param {HTMLElement} page */
export async function translatePage(page) {
  const areas = await Promise.all(AREAS.map((area) => texts(area)));
  const translate = translator(areas), phrases = new Map(areas.flatMap((area) => Object.entries(area)));
  const done = new WeakMap(); // a text node -> the translation that it got

  function node(/** @type {Node} */ each) {
    if (each.nodeType === Node.TEXT_NODE) text(/** @type {Text} */ (each));
    if (!(each instanceof Element) || each.closest(LEFT)) return;
    element(each);
    const walker = document.createTreeWalker(each, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
      acceptNode: (inner) =>
        inner instanceof Element && inner.matches(LEFT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    });
    for (let inner = walker.nextNode(); inner; inner = walker.nextNode()) {
      if (inner.nodeType === Node.TEXT_NODE) text(/** @type {Text} */ (inner));
      else element(/** @type {Element} */ (inner));
    }
  }

  function element(/** @type {Element} */ each) {
    phrase(each);
    attributes(each);
  }

  // A sentence with elements in it, such as terms, has them where its translation has them.
  function phrase(/** @type {Element} */ each) {
    const { childElementCount: count, childNodes } = each;
    if (!count || count > MOST_INSIDE || count === childNodes.length) return;
    const parts = [...childNodes];
    // Comments are where a framework finds its place again: it would lose it.
    if (parts.some((part) => !(part instanceof Element || part instanceof Text))) return;
    const english = parts.map((part) => part instanceof Element ? "{}" : part.nodeValue).join("");
    const found = arranged(phrases.get(english.trim().replace(/\s+/g, " ")) ?? "");
    const inside = [...each.children], places = found.filter((part) => typeof part === "number");
    if (places.length !== count || !inside.every((_, i) => places.includes(i))) return;
    each.replaceChildren(...found.map((part) => typeof part === "number" ? inside[part] : part));
  }

  function text(/** @type {Text} */ each) {
    if (done.get(each) === each.data || each.parentElement?.closest(LEFT)) return;
    const found = translate(each.data);
    if (found !== each.data) each.data = found;
    done.set(each, found);
  }

  function attributes(/** @type {Element} */ each) {
    for (const name of ATTRIBUTES) {
      const value = each.getAttribute(name), found = value && translate(value);
      if (value && found !== value) each.setAttribute(name, found);
    }
  }

  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "characterData") text(/** @type {Text} */ (target));
      else if (type === "attributes") attributes(/** @type {Element} */ (target));
      else {
        if (!(/** @type {Element} */ (target).closest(LEFT))) phrase(/** @type {Element} */ (target));
        addedNodes.forEach(node);
      }
    }
  }).observe(page, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  });
  node(page);
  translateValues(page, translate);
}

/** translate(text) gives a text's translation, or the text itself where there is none.
 * @param {Record<string, string>[]} areas English -> translation; {} in English stands for anything, and {0}, {1}, …
 *   for the same in the translation, translated if it can be, {=0} for exactly the same */
export function translator(areas) {
  const exact = new Map(), templates = new Map(), known = new Map();
  const open = [];
  for (const [english, translation] of areas.flatMap((area) => Object.entries(area))) {
    if (!english.includes("{}")) exact.set(english, translation);
    else {
      const one = templateOf(english, translation);
      if (one.head) templates.set(one.head, [...(templates.get(one.head) ?? []), one]);
      else open.push(one);
    }
  }
  // The one with the most words of its own is tried first.
  const byWeight = (some) => [...some, ...open].sort((a, b) => b.weight - a.weight);
  for (const [head, some] of templates) templates.set(head, byWeight(some));
  templates.set("", byWeight([]));

  function sentence(/** @type {string} */ text) {
    const found = exact.get(text);
    if (found !== undefined) return found;
    for (const { pattern, translation, weight, plain } of templates.get(text.slice(0, HEAD)) ?? templates.get("")) {
      const values = pattern.exec(text)?.slice(1);
      if (!values) continue;
      const translated = values.map((value, i) => plain.has(i) ? value : inside(value));
      const isKnown = (value, i) => plain.has(i) || isName(value, weight) || translated[i] !== value;
      if (values.every(isKnown)) return translation.replace(/\{=?(\d)\}/g, (_, place) => translated[Number(place)]);
    }
    // The second of a name: beige 2.
    const [, name, count] = NUMBERED.exec(text) ?? [];
    return exact.has(name) ? `${exact.get(name)} ${count}` : null;
  }

  // Several sentences in a row, or parts of a line, are translated one by one.
  function whole(/** @type {string} */ text) {
    if (!WORD.test(text)) return text;
    const found = sentence(text);
    if (found !== null) return found;
    const parts = text.split(SENTENCE);
    if (parts.length < 2) return text;
    const between = text.includes(" · ") ? " · " : "";
    const each = parts.map((part) => (WORD.test(part) ? sentence(part) : null) ?? part);
    return each.join(between).replace(/([a-z.!?:])(?=[A-Z])/g, "$1 ");
  }

  // A value may be a list, and follow a comma or a space of its own.
  function inside(/** @type {string} */ text) {
    const after = text.replace(/^,? /, ""), items = after.split(ITEM);
    if (!WORD.test(text) || exact.has(text) || (items.length < 2 && after === text)) return whole(text);
    const each = items.map((item) => WORD.test(item) ? sentence(item) : item);
    return each.includes(null) ? whole(text) : (text.startsWith(",") ? "，" : "") + each.join("、");
  }

  return (/** @type {string} */ text) => {
    const trimmed = text.trim().replace(/\s+/g, " ");
    if (!WORD.test(trimmed)) return text;
    let found = known.get(trimmed);
    if (found === undefined) {
      found = whole(trimmed);
      if (known.size > MAX_KEPT) known.clear();
      known.set(trimmed, found);
    }
    return found === trimmed
      ? text
      : text.replace(/^(\s*)[\s\S]*?(\s*)$/, (_, before, after) => before + found + after);
  };
}

/** The texts of a translation, and the places of what stands between them: "{1}中的{0}" is [1, "中的", 0].
 * @param {string} translation @returns {(string | number)[]} */
export const arranged = (translation) =>
  translation.split(/\{(\d)\}/).map((part, i) => i % 2 ? Number(part) : part).filter((part) => part !== "");

// What may stay as it is within a translation: numbers and names; one word at most where a template says little itself.
const isName = (value, weight) => !WORD.test(value) || value.split(" ").length <= (weight < SHORT ? 1 : 4);
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function templateOf(english, translation) {
  const parts = english.split("{}");
  const head = parts[0].length >= HEAD ? english.slice(0, HEAD) : "";
  const between = (/** @type {string} */ part, /** @type {number} */ i) =>
    escaped(part) + (i === parts.length - 1 ? "" : i < parts.length - 2 && !parts[i + 1] ? BEFORE : WITHIN);
  const pattern = new RegExp(`^${parts.map(between).join("")}$`);
  const plain = new Set([...translation.matchAll(/\{=(\d)\}/g)].map(([, place]) => Number(place)));
  return { head, pattern, translation, weight: parts.join("").length, plain };
}
