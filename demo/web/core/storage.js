// What the browser keeps for the next visit.

// What did not fit into localStorage, or is not allowed there (private mode): it lasts as long as the page.
/** @type {Map<string, string>} */
const unkept = new Map();

/** Read what `store` wrote; null if there is nothing, or nothing that `parse` can read.
 * @param {string} key @param {(text: string) => any} [parse] */
export function stored(key, parse = JSON.parse) {
  try {
    return parse(unkept.get(key) ?? localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Keep a text for the next visit. @param {string} key @param {string} text */
export function store(key, text) {
  try {
    localStorage.setItem(key, text);
    unkept.delete(key);
  } catch {
    unkept.set(key, text);
  }
}
