// Breed's parts: the grid of children, pictures that can be dragged, and pictures as a file.
import { enlarged, make, paint, savePng } from "../core/dom.js";
import { fitFactor } from "../core/enlarge.js";
import { fileName } from "../core/numbers.js";

/** Children shown at once. */
export const COUNT = 16;
const COLUMNS = 4, GAP = 6, BORDER = 2;
const MAX_SIDE = 128; // of a child's picture, in CSS pixels
const SAVED = 512; // pixels that a saved file is about as wide as

// Drag and drop of pictures: the individual that is being dragged.
let carried = null;

/** Make an element a drag source for an individual.
 * @param {HTMLElement} element @param {() => import("./lineage.js").Individual | null} individualOf */
export function draggable(element, individualOf) {
  element.draggable = true;
  element.ondragstart = (event) => {
    carried = individualOf;
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.effectAllowed = "copy";
  };
  element.ondragend = () => {
    carried = null;
  };
}

/** Make an element a drop target for individuals.
 * @param {HTMLElement} element @param {(individual: import("./lineage.js").Individual) => void} take */
export function droppable(element, take) {
  const over = (on) => element.classList.toggle("gs-over", on);
  element.ondragover = (event) => {
    if (!carried) return;
    event.preventDefault();
    over(true);
  };
  element.ondragleave = () => over(false);
  element.ondrop = (event) => {
    event.preventDefault();
    over(false);
    const individual = carried?.();
    if (individual) take(individual);
  };
}

/** The picture of an individual, `side` CSS pixels wide.
 * @param {import("./lineage.js").Individual} individual @param {number} side */
export function portrait(individual, side) {
  const canvas = make("canvas", { width: 1, height: 1 });
  canvas.style.width = canvas.style.height = `${side}px`;
  if (individual?.image) paint(canvas, individual.image);
  return canvas;
}

/** The grid: `choose`, `keep` and `individualOf` get the index of a child. One child is in the tab order, arrow keys
 * reach the others.
 * @param {{choose: (i: number) => void, keep: (i: number) => void, individualOf: (i: number) => any}} actions */
export function gridOf({ choose, keep, individualOf }) {
  const element = make("div.gs-brood", {
    role: "group",
    "aria-label": "Children: arrow keys move, Enter chooses, K keeps",
  });
  let at = 0, side = 64;
  const cells = Array.from({ length: COUNT }, (_, i) => {
    const canvas = make("canvas", { width: 1, height: 1 });
    const button = make("button", {
      tabIndex: i ? -1 : 0,
      disabled: true,
      "aria-label": `Child ${i + 1}`,
      onclick: () => choose(i),
      onfocus: () => move(i, false),
    }, canvas);
    draggable(button, () => individualOf(i));
    return { button, canvas };
  });
  element.append(...cells.map((cell) => cell.button));

  function move(to, focus = true) {
    cells[at].button.tabIndex = -1;
    at = to;
    cells[at].button.tabIndex = 0;
    if (focus) cells[at].button.focus();
  }
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  element.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "k") keep(at);
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(COUNT - 1);
    else if (event.key in steps) {
      const [down, right] = steps[event.key], row = Math.floor(at / COLUMNS) + down, column = (at % COLUMNS) + right;
      if (row >= 0 && row < COUNT / COLUMNS && column >= 0 && column < COLUMNS) move(row * COLUMNS + column);
    } else return;
    event.preventDefault();
  };

  function fit() {
    const room = (element.clientWidth - GAP * (COLUMNS - 1)) / COLUMNS - BORDER;
    if (room > 0) cells.forEach((cell) => fitFactor(cell.canvas, side, Math.min(MAX_SIDE, room)));
  }
  new ResizeObserver(fit).observe(element);

  function show(images, words) {
    side = images[0].width;
    images.forEach((image, i) => {
      paint(cells[i].canvas, image);
      Object.assign(cells[i].button, { disabled: false, title: words });
    });
    fit();
  }
  return { element, show, busy: (on) => element.classList.toggle("gs-busy", on) };
}

/** Pictures as one PNG file, as square as can be, each source pixel a whole square.
 * @param {ImageData[]} images @param {string} name */
export function saveSheet(images, name) {
  const side = images[0].width,
    columns = Math.ceil(Math.sqrt(images.length)),
    rows = Math.ceil(images.length / columns);
  const sheet = make("canvas", { width: columns * side, height: rows * side });
  images.forEach((image, i) =>
    sheet.getContext("2d").putImageData(image, (i % columns) * side, Math.floor(i / columns) * side)
  );
  savePng(enlarged(sheet, SAVED), `${fileName(name).slice(0, 80)}.png`);
}
