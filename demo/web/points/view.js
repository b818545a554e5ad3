// Points: the elements of the tab, and the data that it offers.
import { make } from "../core/dom.js";

const PACES = [["full speed", ""], ["100 steps/s", "100"], ["20 steps/s", "20"], ["5 steps/s", "5"], ["1 step/s", "1"]];
const THUMBNAIL = 88, DOT = 2.4;
const button = (label, onclick, className = "", title = "") => make("button", { className, title, onclick }, label);

/** The elements by name; `elements` are those to show, in order.
 * @param {Record<string, any>} actions what each button does, and parts built by other modules
 * @returns {Record<string, any>} */
export function build({ playOrPause, each, reset, runTo, changePace, both, slow, next, hold, parts }) {
  /** @type {Record<string, any>} */
  const view = {
    play: button("Play", playOrPause, "gs-main gs-play-button"),
    step: button("Step", () => each("step"), "", "One step of both networks"),
    onlyD: button("D only", () => each("step_of", { player: "d" }), "", "Train only the discriminator"),
    onlyG: button("G only", () => each("step_of", { player: "g" }), "", "Train only the generator"),
    slow: button("Slow motion", slow, "", "One step, part by part"),
    next: button("Next part", next),
    hold: button("Hold", hold, "", "Stay at this part"),
    reset: button("Reset", reset, "", "Back to the same initial weights"),
    both: button("Two side by side", both, "", "A second session from the same seed"),
    pace: make(
      "select",
      { "aria-label": "Speed", onchange: changePace },
      ...PACES.map(([words, value]) => make("option", { value }, words)),
    ),
    goal: make("input", { type: "number", min: 1, step: 1, value: 1000, "aria-label": "Step to run to" }),
    status: make("strong.gs-status"),
    speed: make("span.gs-quiet"),
    note: make("span.gs-quiet"),
    alert: make("span.gs-alert", { role: "alert" }),
    spoken: make("p.gs-hidden", { "aria-live": "polite" }),
    finding: make("div.gs-finding", { hidden: true, role: "status" }),
    changes: make("ul.gs-change-list", { hidden: true, "aria-label": "What was changed" }),
    stages: make("div.gs-stages", { "data-count": 1 }),
    charts: make("div.gs-point-charts"),
  };
  const player = make(
    "div.gs-play-row",
    make("div.gs-row.gs-player", view.play, view.step, view.onlyD, view.onlyG, view.slow, view.reset),
    make(
      "div.gs-row",
      make("label.gs-labelled", "Speed", view.pace),
      make("label.gs-labelled", "to step", view.goal),
      button("Run", runTo, "", "Play until that step"),
    ),
  );
  view.parts = make("div.gs-row", { hidden: true }, view.next, view.hold);
  const left = make(
    "div.gs-play-left",
    make("div.gs-headline", view.status, view.speed),
    view.spoken,
    make("div.gs-note", view.note, view.alert),
    view.parts,
    parts.pad,
    view.stages,
    parts.history,
    make("div.gs-row.gs-after", view.both, ...parts.share),
  );
  const right = make("div.gs-play-right", view.finding, parts.board, view.charts, view.changes);
  view.elements = [parts.clouds, player, make("div.gs-play-view", left, right)];
  return view;
}

/**
 * Returns {element, offer(clouds), show(name)}.
 * @param {object} options
 * @param {(name: string) => void} options.learn
 * @param {() => void} options.draw
 * @param {() => void} options.paste
 * @param {() => string} options.colour of the small pictures
 */
export function dataMenu({ learn, draw, paste, colour }) {
  const element = make("div.gs-clouds", { role: "group", "aria-label": "Data: what to learn" });

  const chip = (name, title, hint, picture, onclick) =>
    make("button.gs-chip", { title: hint, "aria-pressed": "false", "data-name": name, onclick }, picture, title);
  const sign = (text, small) =>
    make("span.gs-chip-sign", { "aria-hidden": "true", ...(small ? { "data-small": "" } : {}) }, text);

  function offer(clouds) {
    element.replaceChildren(
      ...clouds.map(({ name, title, description, points }) =>
        chip(name, title, description, thumbnail(points), () => learn(name))
      ),
      chip("draw", "Draw", "Draw the data", sign("✎"), draw),
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
