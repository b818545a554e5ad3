// The sheet that someone draws on with mouse, finger or pen.
import { make } from "../core/dom.js";
import { DIGIT, drawn, pictureOf } from "./drawing.js";

const WIDTHS = { thin: 0.03, middle: 0.09, thick: 0.22 };
const COLOURS = {
  black: "#1b1b1f",
  brown: "#6b4423",
  skin: "#f1c7a3",
  "dark skin": "#8d5a3b",
  yellow: "#f2c230",
  red: "#c8352b",
  blue: "#3a6ea8",
  green: "#3f8f5a",
  white: "#ffffff",
};

/** The sheet. Returns {element, tools, open(grey), fit(pixels), load(strokes), picture(size), empty()}; load takes
 * strokes as arrays of [x, y] from 0 to 1.
 * @param {() => void} changed called after every stroke */
export function sketchPad(changed) {
  let strokes = [], stroke = null, grey = true, colour = COLOURS.skin, width = WIDTHS.thick;
  const label = () => `Draw here with mouse, finger or pen${grey ? ": a digit, white on black" : ""}`;
  const sheet = make("canvas.gs-sketch", { tabIndex: 0, role: "img", "aria-label": label() });
  const button = (text, onclick) => make("button", { onclick }, text);
  const undoButton = button("Undo", undo), clearButton = button("Clear", clear);
  const inks = Object.entries(COLOURS).map(([name, value]) =>
    choice(name, () => {
      colour = value;
    }, { style: `--ink: ${value}` })
  );
  const pens = Object.entries(WIDTHS).map(([name, value]) =>
    choice(name, () => {
      width = value;
    }, { className: "gs-sketch-choice gs-sketch-pen", style: `--pen: ${Math.round(4 + 70 * value)}px` })
  );
  const colours = make(
    "div.gs-row.gs-sketch-inks",
    { hidden: true, role: "group", "aria-label": "Colour and width of the brush" },
    ...inks,
    ...pens,
  );
  const tools = make("div.gs-sketch-tools", make("div.gs-row", undoButton, clearButton), colours);

  // One of a few: the chosen one is pressed.
  function choice(name, choose, values) {
    const made = make("button", {
      title: name,
      "aria-label": `Brush: ${name}`,
      className: "gs-sketch-choice",
      onclick: () => {
        choose();
        showBrush();
      },
      ...values,
    });
    return made;
  }

  function showBrush() {
    Object.values(COLOURS).forEach((value, i) => inks[i].setAttribute("aria-pressed", String(value === colour)));
    Object.values(WIDTHS).forEach((value, i) => pens[i].setAttribute("aria-pressed", String(value === width)));
  }

  function spotOf(event) {
    const box = sheet.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    sheet.setPointerCapture(event.pointerId);
    stroke = { points: [spotOf(event)], colour: grey ? "#ffffff" : colour, width: grey ? DIGIT.width : width };
    strokes.push(stroke);
    redraw();
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) stroke.points.push(spotOf(each));
    redraw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    sheet.addEventListener(end, () => {
      if (stroke) changed();
      stroke = null;
    });
  }
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    undo();
  });

  function undo() {
    strokes.pop();
    redraw();
    changed();
  }

  function clear() {
    strokes = [];
    redraw();
    changed();
  }

  function redraw() {
    const { width: side } = sheet, brush = sheet.getContext("2d");
    if (side) brush.drawImage(drawn(strokes, side, grey ? "#000000" : "#ffffff"), 0, 0);
    undoButton.disabled = clearButton.disabled = !strokes.length;
  }

  function open(isGrey) {
    if (isGrey !== grey) strokes = []; // drawn on a sheet of other colours
    grey = isGrey;
    colours.hidden = grey;
    sheet.setAttribute("aria-label", label());
    showBrush();
    redraw();
  }

  function fit(pixels) {
    sheet.style.width = sheet.style.height = `${pixels}px`;
    sheet.width = sheet.height = Math.round(pixels * (window.devicePixelRatio || 1));
    redraw();
  }

  function load(lines) {
    strokes = lines.map((points) => ({ points, colour: "#ffffff", width: DIGIT.width }));
    redraw();
    changed();
  }

  return {
    element: sheet,
    tools,
    open,
    fit,
    load,
    picture: (size) => pictureOf(strokes, size, grey),
    empty: () => !strokes.length,
  };
}
