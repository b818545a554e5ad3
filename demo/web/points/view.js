// Points: the elements of the tab, and the data that it offers.
import { make } from "../core/dom.js";

const PACES = [["full speed", ""], ["100 steps/s", "100"], ["20 steps/s", "20"], ["5 steps/s", "5"], ["1 step/s", "1"]];
const THUMBNAIL = 88, DOT = 2.4;
const button = (label, onclick, className = "", title = "") =>
  make("button", { type: "button", className, title, onclick }, label);

/**
 * The elements by name; `elements` are those to show, in order.
 * @param {Record<string, any>} given what each button does, and the parts that have files of their own
 * @returns {Record<string, any>}
 */
export function build({ playOrPause, each, reset, runTo, changePace, both, slow, next, hold, parts }) {
  /** @type {Record<string, any>} */
  const view = {
    play: button("Play", playOrPause, "gs-main gs-play-button"),
    step: button("Step", () => each("step"), "", "One step of both players"),
    onlyD: button("D only", () => each("step_of", { player: "d" }), "", "Only the discriminator learns"),
    onlyG: button("G only", () => each("step_of", { player: "g" }), "", "Only the generator learns"),
    slow: button("Slow motion", slow, "", "One step, part by part"),
    next: button("Next part", next),
    hold: button("Hold", hold, "", "Stay at this part"),
    reset: button("Reset", reset, "", "Back to the same first weights"),
    both: button("Two side by side", both, "", "A second game from the same seed"),
    pace: make(
      "select",
      { "aria-label": "Speed", onchange: changePace },
      ...PACES.map(([words, value]) => make("option", { value }, words)),
    ),
    goal: make("input", { type: "number", min: 1, step: 1, value: 1000, "aria-label": "Step to run to" }),
    status: make("strong", { className: "gs-status" }),
    speed: make("span", { className: "gs-quiet" }),
    note: make("span", { className: "gs-quiet" }),
    alert: make("span", { className: "gs-alert", role: "alert" }),
    spoken: make("p", { className: "gs-hidden", "aria-live": "polite" }),
    finding: make("div", { className: "gs-finding", hidden: true, role: "status" }),
    changes: make("ul", { className: "gs-change-list", hidden: true, "aria-label": "What was changed" }),
    stages: make("div", { className: "gs-stages", "data-count": 1 }),
    charts: make("div", { className: "gs-point-charts" }),
  };
  const player = make(
    "div",
    { className: "gs-play-row" },
    make("div", { className: "gs-row gs-player" }, view.play, view.step, view.onlyD, view.onlyG, view.slow, view.reset),
    make(
      "div",
      { className: "gs-row" },
      make("label", { className: "gs-labelled" }, "Speed", view.pace),
      make("label", { className: "gs-labelled" }, "to step", view.goal),
      button("Run", runTo, "", "Play until that step"),
    ),
  );
  view.parts = make("div", { className: "gs-row", hidden: true }, view.next, view.hold);
  const left = make(
    "div",
    { className: "gs-play-left" },
    make("div", { className: "gs-headline" }, view.status, view.speed),
    view.spoken,
    make("div", { className: "gs-note" }, view.note, view.alert),
    view.parts,
    parts.pad,
    view.stages,
    parts.history,
    make("div", { className: "gs-row gs-after" }, view.both, ...parts.share),
  );
  const right = make("div", { className: "gs-play-right" }, view.finding, parts.board, view.charts, view.changes);
  view.elements = [parts.clouds, player, make("div", { className: "gs-play-view" }, left, right)];
  return view;
}

/**
 * Returns {element, offer(clouds), show(name)}.
 * @param {object} given
 * @param {(name: string) => void} given.learn
 * @param {() => void} given.draw
 * @param {() => void} given.paste
 * @param {() => string} given.colour of the small pictures
 */
export function dataMenu({ learn, draw, paste, colour }) {
  const element = make("div", { className: "gs-clouds", role: "group", "aria-label": "Data: what to learn" });

  const chip = (name, title, say, picture, onclick) =>
    make(
      "button",
      {
        type: "button",
        className: "gs-chip",
        title: say,
        "aria-pressed": "false",
        "data-name": name,
        onclick,
      },
      picture,
      title,
    );
  const sign = (text, small) =>
    make("span", { className: "gs-chip-sign", "aria-hidden": "true", ...(small ? { "data-small": "" } : {}) }, text);

  function offer(clouds) {
    element.replaceChildren(
      ...clouds.map(({ name, title, description, points }) =>
        chip(name, title, description, thumbnail(points), () => learn(name))
      ),
      chip("draw", "Draw", "Draw what it shall learn", sign("✎"), draw),
      chip("csv", "Paste", "Paste or upload points", sign("0.5,1\n2.1,0", true), paste),
    );
  }

  // Coordinates come from 0 to 99.
  function thumbnail(points) {
    const canvas = make("canvas", { width: THUMBNAIL, height: THUMBNAIL, "aria-hidden": "true" }),
      pen = canvas.getContext("2d");
    pen.fillStyle = colour();
    const scale = (THUMBNAIL - 8) / 100;
    for (let i = 0; i < points.length; i += 2) {
      pen.fillRect(3 + points[i] * scale, THUMBNAIL - 8 - points[i + 1] * scale, DOT, DOT);
    }
    return canvas;
  }

  function show(name) {
    for (const each of element.children) {
      each.setAttribute("aria-pressed", String(each.getAttribute("data-name") === name));
    }
  }

  return { element, offer, show };
}
