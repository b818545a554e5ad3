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

/** What lasts as long as the window: of a class. */
export const session = {
  get(/** @type {string} */ name) {
    try {
      return sessionStorage.getItem(`ganscope-${name}`);
    } catch {
      return null;
    }
  },
  /** @param {string} name @param {string | null} text null forgets it */
  set(name, text) {
    try {
      if (text === null) sessionStorage.removeItem(`ganscope-${name}`);
      else sessionStorage.setItem(`ganscope-${name}`, text);
    } catch { /* not allowed in some frames: the next page asks again */ }
  },
};
