// Elements of SVG drawings.

/** svg("circle", { r: 3 }, child) creates an element of SVG.
 * @param {string} tag @param {Record<string, any>} [values] attributes @param {...(Node | string)} children
 * @returns {any} */
export function svg(tag, values = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
