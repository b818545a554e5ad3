// Breed's tree of ancestors: a column a generation, a line from each parent to its child.
import { make } from "../core/dom.js";
import { draggable, portrait } from "./grid.js";

const STEP_X = 66, STEP_Y = 52, FACE = 44;
const SVG = "http://www.w3.org/2000/svg";

/** A press on a picture calls goTo(id).
 * @param {{goTo: (id: number) => void, individualOf: (id: number) => import("./lineage.js").Individual}} actions */
export function treeOf({ goTo, individualOf }) {
  const lines = document.createElementNS(SVG, "svg"), box = make("div.gs-tree-inside");
  const element = make("div.gs-tree", { role: "group", "aria-label": "Ancestors: press one to go back there" }, box);
  lines.setAttribute("aria-hidden", "true");
  element.onkeydown = (event) => {
    const buttons = [...box.querySelectorAll("button")],
      by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const to = by && buttons[buttons.findIndex((each) => each === document.activeElement) + by];
    if (!to) return;
    event.preventDefault();
    to.focus();
  };

  function show(individuals, current) {
    const places = lay(individuals),
      far = (axis) => Math.max(...[...places.values()].map((place) => place[axis])) + FACE;
    box.style.width = `${far("x")}px`;
    box.style.height = `${far("y")}px`;
    lines.setAttribute("width", String(far("x")));
    lines.setAttribute("height", String(far("y")));
    lines.replaceChildren(
      ...individuals.flatMap((one) => (one.parents ?? []).map((id) => line(places.get(id), places.get(one.id)))),
    );
    const focused = document.activeElement?.getAttribute("data-id");
    box.replaceChildren(lines, ...individuals.map((one) => face(one, places.get(one.id), current)));
    if (focused) /** @type {HTMLElement} */ (box.querySelector(`[data-id="${focused}"]`))?.focus();
    follow(places.get(current[0]));
  }

  function face(one, { x, y }, current) {
    const button = make("button", {
      tabIndex: one.id === current[0] ? 0 : -1,
      title: one.label,
      "aria-label": `${one.label}, generation ${one.generation}`,
      onclick: () => goTo(one.id),
    }, portrait(one, FACE - 4));
    button.dataset.id = one.id;
    if (current.includes(one.id)) button.setAttribute("aria-current", "true");
    Object.assign(button.style, { left: `${x}px`, top: `${y}px` });
    draggable(button, () => individualOf(one.id));
    return button;
  }

  // Keeps the newest in sight, inside the tree: the page itself does not move.
  function follow({ x, y }) {
    element.scrollLeft = Math.max(element.scrollLeft, x + FACE + 8 - element.clientWidth);
    element.scrollTop = Math.max(element.scrollTop, y + FACE + 8 - element.clientHeight);
    element.scrollLeft = Math.min(element.scrollLeft, x);
    element.scrollTop = Math.min(element.scrollTop, y);
  }
  return { element, show };
}

// Layout: id -> position. The first child continues its parent's row, others start new rows.
function lay(individuals) {
  const columns = new Map(), rows = new Map(), ends = []; // the last used column of each row
  for (const { id, parents = [] } of individuals) {
    const column = 1 + Math.max(-1, ...parents.map((one) => columns.get(one)));
    let row = parents.map((one) => rows.get(one)).find((each) => ends[each] < column);
    if (row === undefined) row = ends.push(-1) - 1;
    ends[row] = column;
    columns.set(id, column);
    rows.set(id, row);
  }
  return new Map(individuals.map(({ id }) => [id, { x: columns.get(id) * STEP_X, y: rows.get(id) * STEP_Y }]));
}

function line(from, to) {
  const path = document.createElementNS(SVG, "path"), half = FACE / 2, bend = (to.x - from.x - FACE) / 2;
  const [x0, y0, x1, y1] = [from.x + FACE, from.y + half, to.x, to.y + half];
  path.setAttribute("d", `M ${x0} ${y0} C ${x0 + bend} ${y0}, ${x1 - bend} ${y1}, ${x1} ${y1}`);
  return path;
}
