// Small helpers around elements, files and the address bar.

/**
 * make("button", {className: "x", onclick}, child, "text") -> an element. Names with a hyphen, `role` and `for`
 * are set as attributes, all others as properties.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [values]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, values = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/**
 * button(name, text, hint) makes a button, which is known as view[name]; its hint is its name for screen readers.
 * @param {Record<string, any>} view
 */
export const toolButtons = (view) => (name, text, hint, className = "") => {
  view[name] = make("button", { type: "button", title: hint, "aria-label": hint, className }, text);
  return view[name];
};

/**
 * Hand a file to the browser to save.
 * @param {Blob} blob
 * @param {string} name
 */
export function saveAs(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/**
 * Copy a link. Where the browser allows no copying (plain http on another machine), the address bar gets it.
 * @param {string} address
 * @returns {Promise<string>} a sentence for the user
 */
export async function copyAddress(address) {
  try {
    await navigator.clipboard.writeText(address);
    return "Link copied.";
  } catch {
    history.replaceState(null, "", address);
    return "The link is now in the address bar.";
  }
}

/** The page's address without its query: where links begin. */
export const pageAddress = () => location.href.split(/[?#]/)[0];

/**
 * A function that shows a text in `element` for some seconds, or until another takes its place.
 * @param {HTMLElement} element
 * @param {number} [ms]
 */
export const sayer = (element, ms = 4000) => (/** @type {string} */ text) => {
  element.textContent = text;
  setTimeout(() => {
    if (element.textContent === text) element.textContent = "";
  }, ms);
};
