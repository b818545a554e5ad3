// Inside's drag: points of the picture are pulled elsewhere, step by step, by mouse, finger or keyboard.
import { HOLD_SHARE, MAX_HOLDS, MAX_PULL_POINTS, MAX_PULL_STEPS, MAX_PULLS } from "../core/constants.js";
import { make } from "../core/dom.js";
import { textOf } from "./edits.js";
import { stepsLeft } from "./pulls.js";
import { pull } from "./requests.js";

const SIDE = 512, AT_ONCE = 2; // of the marks, in pixels; steps between two pictures
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
  const several = make("input", { type: "checkbox", onchange: () => collect() });
  const go = make("button", { onclick: pullCollected, hidden: true, disabled: true }, "Pull them all");
  const ghost = make("input", { type: "checkbox", checked: true, onchange: () => draw() });
  const said = make("p.gs-quiet.gs-hint", { role: "status" });
  let mode = "", from = null, to = null, cursor = null, pointer = null;
  let collected = []; // pairs that are to be pulled at once
  let holds = []; // places that are to stay
  let wanted = null, busy = false; // the pull that is being made, until it is to stop; whether one still is
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
    collect();
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
    for (const place of holds) dot(at(place), HOLD_SHARE * SIDE, "rgb(64 132 240 / 40%)");
    const pairs = wanted?.pairs ?? [...collected, ...(from ? [[from, to ?? from]] : [])];
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
    if (busy) return;
    if (mode === "hold") return hold(place);
    from = place;
    to = null;
    draw();
  }

  function hold(place) {
    const radius = HOLD_SHARE * size();
    const others = holds.filter((each) => Math.hypot(each[0] - place[0], each[1] - place[1]) > radius);
    if (others.length < holds.length) holds = others;
    else if (holds.length < MAX_HOLDS) holds = [...holds, place];
    else said.textContent = `At most ${MAX_HOLDS} places can be held.`;
    draw();
  }

  function release() {
    const pair = /** @type {[any, any]} */ ([from, to]);
    const far = from && to && Math.hypot(from[0] - to[0], from[1] - to[1]) >= size() / 128;
    from = to = null;
    if (far && several.checked) collect(pair);
    else if (far) pullTo([pair]);
    draw();
  }

  // One more of several; without one, none.
  function collect(pair = undefined) {
    if (!pair) collected = [];
    else if (collected.length < MAX_PULL_POINTS) collected.push(pair);
    else said.textContent = `At most ${MAX_PULL_POINTS} points can be pulled at once.`;
    go.hidden = !several.checked;
    go.disabled = !collected.length;
    draw();
  }

  function pullCollected() {
    const pairs = collected;
    collect();
    pullTo(pairs);
  }

  /** @param {import("./pulls.js").Pull["pairs"]} pairs */
  async function pullTo(pairs) {
    const { model, info, z, shown } = state, base = state.edits;
    const most = Math.min(MAX_PULL_STEPS, stepsLeft(base.pulls));
    if (!shown) return;
    if (base.pulls.length >= MAX_PULLS || most < 1) {
      said.textContent = "This picture has been pulled as often as it can be: take some back first.";
      return;
    }
    const mine = wanted = { pairs, steps: 0, holds };
    // Another picture, or another change of this one, is not overwritten.
    const same = () => state.info === info && state.z === z && state.edits === base;
    busy = true;
    points = [];
    stop.disabled = false;
    said.textContent = "Pulling …";
    let edits = base, answer = null, problem = "";
    try {
      start = await createImageBitmap(shown);
      for (let steps = AT_ONCE; wanted === mine && same() && steps <= most; steps += AT_ONCE) {
        const next = { ...base, pulls: [...base.pulls, { ...mine, steps }] };
        answer = await pull(model, z, textOf(next));
        if (!same()) break;
        edits = next;
        points = answer.points;
        paint(answer.image);
        draw();
        if (answer.arrived || answer.stuck) break;
      }
    } catch (error) {
      problem = error.message;
    }
    busy = false;
    wanted = null;
    stop.disabled = true;
    points = [];
    said.textContent = problem || (same() ? outcome(answer) : OVERTAKEN);
    if (same() && edits !== base) {
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
      make("div.gs-row", make("label.gs-check", several, "Several points at once"), go),
      make("label.gs-check", ghost, "Show the start as a ghost"),
      said,
    ],
    show: draw,
    /** The brush takes the picture, or another one is shown. */
    close() {
      wanted = null;
      holds = [];
      if (mode) choose("");
    },
  };
}

const HINTS = {
  pull: "Press a point of the picture and pull it where it is to be: what is there follows.",
  hold: "Press what is to stay as it is; press it again to let it go.",
};

const OVERTAKEN = "Given up: the picture was changed meanwhile.";

function outcome(answer) {
  if (!answer) return "";
  if (answer.arrived) return "Arrived.";
  if (answer.stuck) return "Stuck: the network cannot draw that there. Undo it, or pull another way.";
  return "Stopped before it arrived: pull on from where it is.";
}
