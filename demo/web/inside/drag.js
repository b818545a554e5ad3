// Inside's drag: points of the picture are pulled elsewhere, step by step, by mouse, finger or keyboard.
import { MAX_HOLDS, MAX_PULL_STEPS, MAX_PULLS, MAX_TOTAL_PULL_STEPS } from "../core/constants.js";
import { make } from "../core/dom.js";
import { textOf } from "./edits.js";
import { pull } from "./requests.js";

const SIDE = 512, AT_ONCE = 2; // of the marks, in pixels; steps between two pictures
const HOLD_RADIUS = 10 / 128; // gan.inside.drag.HOLD
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MODES = { pull: "Pull", hold: "Hold still" };

/** Uses Inside's state. @param {object} options
 * @param {any} options.state
 * @param {() => void} options.begin before edits change @param {(edits: any) => void} options.put they changed
 * @param {() => void} options.settle they rest
 * @param {(image: ImageData) => void} options.paint show a picture
 * @param {() => void} options.opened points are about to be pulled: the brush rests */
export function dragOf({ state, begin, put, settle, paint, opened }) {
  const canvas = make("canvas.gs-drag", {
    width: SIDE,
    height: SIDE,
    hidden: true,
    tabIndex: 0,
    role: "application",
  });
  canvas.setAttribute("aria-label", "Pull here: arrow keys move, the space bar takes a point and lets it go");
  const pen = canvas.getContext("2d");
  const chips = Object.entries(MODES).map(([name, text]) =>
    make("button", { onclick: () => choose(mode === name ? "" : name), hint: HINTS[name] }, text)
  );
  const stop = make("button", { onclick: () => (wanted = null), disabled: true }, "Stop");
  const ghost = make("input", { type: "checkbox", checked: true, onchange: () => draw() });
  const said = make("p.gs-quiet.gs-hint", { role: "status" });
  let mode = "", from = null, to = null, cursor = null, pointer = null;
  let wanted = null; // the pull that is being made
  let points = [], start = null; // where its points are; the picture before it

  const size = () => state.info.size;
  const placeOf = (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return inPicture([(event.clientX - left) / width * size(), (event.clientY - top) / height * size()]);
  };
  const inPicture = (place) => place.map((at) => Math.round(10 * Math.min(Math.max(at, 0), size())) / 10);

  function choose(name) {
    mode = name;
    from = to = cursor = null;
    canvas.hidden = !mode;
    chips.forEach((chip, i) => chip.setAttribute("aria-pressed", String(Object.keys(MODES)[i] === mode)));
    if (mode) opened();
    said.textContent = HINTS[mode] ?? "";
    draw();
  }

  function draw() {
    pen.clearRect(0, 0, SIDE, SIDE);
    if (!state.info) return;
    const at = ([x, y]) => /** @type {[number, number]} */ ([x / size() * SIDE, y / size() * SIDE]);
    if (wanted && start && ghost.checked) {
      pen.globalAlpha = 0.35;
      pen.drawImage(start, 0, 0, SIDE, SIDE);
      pen.globalAlpha = 1;
    }
    for (const place of state.edits.holds) dot(at(place), HOLD_RADIUS * SIDE, "rgb(64 132 240 / 40%)");
    const pairs = wanted?.pairs ?? (from ? [[from, to ?? from]] : []);
    pairs.forEach(([one, other], i) => {
      pen.strokeStyle = "#fff";
      pen.lineWidth = 3;
      pen.beginPath();
      pen.moveTo(...at(points[i] ?? one));
      pen.lineTo(...at(other));
      pen.stroke();
      dot(at(points[i] ?? one), 9, "#d6336c");
      dot(at(other), 9, "#4084f0");
    });
    if (cursor) dot(at(cursor), 6, "#e87722");
  }

  function dot([x, y], radius, colour) {
    pen.fillStyle = colour;
    pen.strokeStyle = "#fff";
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }

  function take(place) {
    if (wanted) return;
    if (mode === "hold") return hold(place);
    from = place;
    to = null;
    draw();
  }

  function hold(place) {
    const radius = HOLD_RADIUS * size();
    const others = state.edits.holds.filter((each) => Math.hypot(each[0] - place[0], each[1] - place[1]) > radius);
    const holds = others.length < state.edits.holds.length ? others : [...others, place];
    if (holds.length > MAX_HOLDS) return void (said.textContent = `At most ${MAX_HOLDS} places can be held.`);
    begin();
    put({ ...state.edits, holds });
    settle();
    draw();
  }

  function release() {
    const pair = [from, to], far = from && to && Math.hypot(from[0] - to[0], from[1] - to[1]) >= size() / 128;
    from = to = null;
    if (far) pullTo(pair);
    else draw();
  }

  async function pullTo(pair) {
    const { model, info, z } = state, base = state.edits;
    const before = base.pulls.reduce((sum, { steps }) => sum + steps, 0);
    const most = Math.min(MAX_PULL_STEPS, MAX_TOTAL_PULL_STEPS - before);
    if (base.pulls.length >= MAX_PULLS || most < 1) {
      said.textContent = "This picture has been pulled as often as it can be: take some back first.";
      return draw();
    }
    const mine = wanted = { pairs: [pair], steps: 0 };
    const goesOn = () => wanted === mine && state.info === info && state.z === z;
    start = await createImageBitmap(state.shown);
    points = [];
    stop.disabled = false;
    said.textContent = "Pulling …";
    let edits = base, answer = null, problem = "";
    try {
      for (let steps = AT_ONCE; goesOn() && !(answer?.arrived || answer?.stuck); steps += AT_ONCE) {
        if (steps > most) break;
        const next = { ...base, pulls: [...base.pulls, { ...mine, steps }] };
        answer = await pull(model, z, textOf(next));
        if (state.info !== info || state.z !== z) break;
        edits = next;
        points = answer.points;
        paint(answer.image);
        draw();
      }
    } catch (error) {
      problem = error.message;
    }
    const still = state.info === info && state.z === z;
    if (wanted === mine) wanted = null;
    stop.disabled = !wanted;
    points = [];
    said.textContent = problem || !still ? problem : outcome(answer);
    if (still && edits !== base) {
      begin();
      put(edits);
      settle();
    }
    draw();
  }

  canvas.onpointerdown = (event) => {
    if (event.button || pointer !== null) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    cursor = null;
    take(placeOf(event));
  };
  canvas.onpointermove = (event) => {
    if (event.pointerId !== pointer || !from) return;
    to = placeOf(event);
    draw();
  };
  canvas.onpointerup = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    if (from) to = placeOf(event);
    release();
  };
  canvas.onpointercancel = () => {
    pointer = from = to = null;
    draw();
  };
  canvas.onkeydown = (event) => {
    const step = ARROWS[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault();
    cursor ??= [size() / 2, size() / 2];
    if (step) {
      cursor = inPicture(cursor.map((at, i) => at + step[i] * size() / 64));
      if (from) to = cursor;
    } else if (from) release();
    else take(cursor);
    draw();
  };
  canvas.onblur = () => {
    cursor = null;
    draw();
  };

  return {
    element: canvas,
    children: [
      make("div.gs-row", { role: "group", "aria-label": "What pressing the picture does" }, ...chips, stop),
      make("label.gs-check", ghost, "Show the start as a ghost"),
      said,
    ],
    show: draw,
    /** The brush takes the picture, or another one is shown. */
    close() {
      wanted = null;
      if (mode) choose("");
    },
  };
}

const HINTS = {
  pull: "Press a point of the picture and pull it where it is to be: what is there follows.",
  hold: "Press what is to stay as it is; press it again to let it go.",
};

function outcome(answer) {
  if (!answer) return "";
  if (answer.arrived) return "Arrived.";
  if (answer.stuck) return "Stuck: the network cannot draw that there. Undo it, or pull another way.";
  return "Stopped before it arrived: pull on from where it is.";
}
