// Points: the user's data: drawn with mouse, finger or pen, or pasted as text.
import { make } from "../core/dom.js";
import * as api from "./api.js";
import * as paint from "./plane_canvas.js";

const SPACING = 0.025, SPREAD = 0.018; // of points along a stroke, where the pad goes from -1 to 1
const TAP_POINTS = 14, TAP_SPREAD = 0.05;
const MAX_BYTES = 40e6;
const MIN_POINTS = 8; // points of a drawing

// Normal numbers, the same ones each time.
function noise(seed = 1) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Points spread evenly along strokes; a tap makes a small cloud. The same strokes give the same points.
 * @param {[number, number][][]} strokes */
export function pointsOf(strokes) {
  const random = noise(), points = [];
  const put = (x, y, spread) => points.push(x + spread * random(), y + spread * random());
  for (const stroke of strokes) {
    const length = stroke.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - stroke[i][0], y - stroke[i][1]), 0);
    if (length < SPACING) {
      for (let i = 0; i < TAP_POINTS; i++) put(...stroke[0], TAP_SPREAD);
      continue;
    }
    let left = 0;
    for (let i = 1; i < stroke.length; i++) {
      const [[x1, y1], [x2, y2]] = [stroke[i - 1], stroke[i]], step = Math.hypot(x2 - x1, y2 - y1);
      for (; left <= step; left += SPACING) {
        put(x1 + ((x2 - x1) * left) / (step || 1), y1 + ((y2 - y1) * left) / (step || 1), SPREAD);
      }
      left -= step;
    }
  }
  return points.map((value) => Math.max(-1, Math.min(1, value)));
}

/**
 * Returns {element, paper, draw(), paste(), close()}: `paper` covers the plot while the user draws.
 * @param {object} options
 * @param {(points: number[], from: string, words?: string) => void} options.use [x, y, …] to learn from
 * @param {() => void} options.leave nothing was chosen
 * @param {(error: Error) => void} options.failed
 */
export function dataInput({ use, leave, failed }) {
  let strokes = [], stroke = null;
  const paper = make("canvas.gs-pad", {
    hidden: true,
    role: "img",
    "aria-label": "Draw the data here",
  });
  const hint = make("p.gs-quiet");
  const button = (text, onclick, className = "") => make("button", { className, onclick }, text);
  const pen = make(
    "div.gs-row",
    button("Learn this", finish, "gs-main"),
    button("Undo", undo),
    button("Clear", () => {
      strokes = [];
      redraw();
    }),
    button("Cancel", shut),
  );
  const text = make("textarea", {
    rows: 5,
    placeholder: "x,y\n0.5,1.2\n-0.3,0.8",
    "aria-label": "Points as text: x and y on each line",
  });
  const file = make("input", {
    type: "file",
    accept: ".csv,.txt,.tsv,text/plain,text/csv",
    "aria-label": "A file of points",
    onchange: readFile,
  });
  const words = make(
    "div.gs-paste",
    text,
    make("div.gs-row", button("Learn these", paste, "gs-main"), file, button("Cancel", shut)),
  );
  const element = make("div.gs-own", { hidden: true }, hint, pen, words);

  function show(drawing) {
    element.hidden = false;
    pen.hidden = paper.hidden = !drawing;
    words.hidden = drawing;
    hint.textContent = drawing
      ? "Draw on the square with mouse, finger or pen: lines, or taps for small clouds."
      : "Paste one point a line, x and y, or choose a CSV file. Any scale: it is fitted to the square.";
    if (drawing) {
      redraw();
      paper.scrollIntoView({ block: "nearest" });
    } else text.focus();
  }

  function shut() {
    close();
    leave();
  }

  function close() {
    element.hidden = paper.hidden = true;
    strokes = [];
  }

  const spotOf = (event) => {
    const { left, top, width, height } = paper.getBoundingClientRect();
    return [(2 * (event.clientX - left)) / width - 1, 1 - (2 * (event.clientY - top)) / height];
  };
  paper.addEventListener("pointerdown", (event) => {
    paper.setPointerCapture(event.pointerId);
    stroke = [spotOf(event)];
    strokes.push(stroke);
    redraw();
  });
  paper.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) stroke.push(spotOf(each));
    redraw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    paper.addEventListener(end, () => {
      stroke = null;
    });
  }

  function undo() {
    strokes.pop();
    redraw();
  }

  function redraw() {
    paint.fit(paper, paper.clientWidth);
    const size = paper.width, brush = paper.getContext("2d"), palette = paint.paletteOf(paper);
    const scale = size / (paper.clientWidth || size);
    brush.fillStyle = palette.ground;
    brush.fillRect(0, 0, size, size);
    brush.fillStyle = palette.real;
    const points = pointsOf(strokes);
    for (let i = 0; i < points.length; i += 2) {
      brush.beginPath();
      brush.arc(((points[i] + 1) / 2) * size, ((1 - points[i + 1]) / 2) * size, 2.4 * scale, 0, 7);
      brush.fill();
    }
  }

  function finish() {
    const points = api.quantised(api.thinned(pointsOf(strokes)));
    if (points.length < 2 * MIN_POINTS) {
      return failed(new Error("There is nothing to learn yet: draw at least one line on the square."));
    }
    close();
    use(points, "draw");
  }

  function paste() {
    learn(text.value);
  }

  async function readFile() {
    const [chosen] = file.files;
    if (chosen?.size > MAX_BYTES) {
      failed(new Error("This file is larger than 40 MB: that is more than a million points."));
    } else if (chosen) await learn(chosen);
    file.value = "";
  }

  async function learn(content) {
    try {
      const { points, total } = await api.read(content);
      const used = points.length / 2;
      close();
      use(
        points,
        "csv",
        total > used
          ? `Of ${total.toLocaleString("en")} points ${used.toLocaleString("en")} are used, chosen at random.`
          : "",
      );
    } catch (error) {
      failed(error);
    }
  }

  return { element, paper, draw: () => show(true), paste: () => show(false), close };
}
