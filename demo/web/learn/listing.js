// The program as lines that can be pointed at, focused and walked through with the arrow keys.
import { make } from "../core/dom.js";

/** @param {import("./program.js").Line[]} lines @param {string} label
 * @param {(index: number) => void} look called for the line that is looked at */
export function listing(lines, label, look) {
  const element = make("ol.gs-listing", { "aria-label": label });
  const rows = lines.map((line, i) => {
    const row = make(
      "li.gs-line-of-code",
      {
        tabIndex: i ? -1 : 0,
        onfocus: () => at(i),
        onpointerenter: ({ pointerType }) => pointerType === "mouse" && at(i),
      },
      make("code", line.text || " "),
    );
    if (line.changed) row.classList.add("gs-changed");
    row.onclick = () => row.focus();
    return row;
  });
  element.append(...rows);
  element.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key],
      now = rows.indexOf(/** @type {any} */ (document.activeElement));
    if (!by || now < 0) return;
    event.preventDefault();
    rows[now + by]?.focus();
  });

  function at(/** @type {number} */ index) {
    rows.forEach((row, i) => {
      row.classList.toggle("gs-lit", i === index);
      row.tabIndex = i === index ? 0 : -1;
    });
    look(index);
  }

  return { element, rows };
}
