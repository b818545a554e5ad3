// Lessons' texts: **strong**, *emphasised*, [[key|term]] that is explained, and $$formula$$ as a paragraph of its own.
import { make, term } from "../core/dom.js";

const PART = /\*\*(.+?)\*\*|\*(.+?)\*|\[\[(\w+)\|(.+?)\]\]/g;

/** A text's nodes. @param {string} text @returns {(Node | string)[]} */
export function inline(text) {
  const nodes = [];
  let at = 0;
  for (const { 0: whole, 1: strong, 2: emphasised, 3: key, 4: word, index } of text.matchAll(PART)) {
    nodes.push(text.slice(at, index));
    if (strong) nodes.push(make("strong", ...inline(strong)));
    else if (emphasised) nodes.push(make("em", ...inline(emphasised)));
    else nodes.push(term(key, word));
    at = index + whole.length;
  }
  return [...nodes, text.slice(at)].filter((node) => node !== "");
}

/** A paragraph, or a formula. @param {string} text */
export function paragraph(text) {
  const formula = /^\$\$(.+)\$\$$/.exec(text)?.[1];
  return formula ? make("p.gs-formula", formula) : make("p", ...inline(text));
}
