// The training loop: one step of a session on points, part by part, beside the lines of the program that do it.
import { make } from "../../core/dom.js";
import { PARTS, partsOf } from "../../points/step_by_step.js";
import { programOf } from "../program.js";
import { pointsView } from "./points_view.js";

const SETTINGS = { data: "ring", seed: 3 };
const RUN = 100;
// The lines of the program that do each part, by how they begin.
const LINES = [
  ["fake = g(torch.randn"],
  ["fake = g(torch.randn"],
  ["real = real_images", "real_logits, fake_logits"],
  ["d_loss = ", "d_optim."],
  ["g_loss = ", "g_optim.zero_grad", "g_loss.backward"],
  ["g_optim.step"],
];

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words, question }, failed, tried }) {
  const view = pointsView({ label: words.begin, failed }), { session } = view;
  const caption = make("p.gs-caption-words", { role: "status" }, words.begin);
  const code = make("pre.gs-code", { tabIndex: 0 });
  const step = make("button.gs-main", { onclick: () => (parts.length ? next() : begin()) }, words.step);
  const run = make("button", { onclick: play }, words.run), again = make("button", { onclick: open }, words.again);
  const element = make(
    "div.gs-loop",
    make("div", view.element, make("div.gs-row", step, run, again)),
    make("div", caption, code),
  );
  let parts = [], measured = null;

  async function open() {
    show([]);
    caption.textContent = words.begin;
    for (const button of [step, run]) button.disabled = true;
    await session.open(SETTINGS, null);
    for (const button of [step, run]) button.disabled = !session.id;
  }

  async function begin() {
    step.disabled = true;
    const answer = await session.request("slowly");
    step.disabled = false;
    if (!answer) return;
    measured = changesOf(answer.frames);
    show(partsOf(answer.frames));
    tried();
  }

  function next() {
    show(parts.slice(1));
  }

  // The first of these parts is lit; without any, the newest moment is shown.
  function show(left) {
    parts = left;
    const part = parts[0] ?? null, wanted = part ? LINES[PARTS.length - parts.length] : [];
    view.part(part);
    caption.textContent = part?.words ?? "";
    step.textContent = parts.length > 1 ? words.next : words.step;
    for (const line of code.children) {
      const lit = wanted.some((start) => line.textContent.trim().startsWith(start));
      line.classList.toggle("gs-lit", lit);
    }
    code.querySelector(".gs-lit")?.scrollIntoView({ block: "nearest" });
    if (parts.length === 1) parts = [];
  }

  async function play() {
    show([]);
    await session.play(null, (session.frames.at(-1)?.step ?? 0) + RUN);
  }

  async function first() {
    const lines = (await programOf()).filter(({ text }) => inLoop(text));
    code.append(...lines.map(({ text }) => make("span.gs-line-of-code", text.slice(8))));
    await open();
  }

  return {
    element,
    begin: first,
    start: view.draw,
    stop() {
      if (session.running) session.pause();
    },
    measure() {
      if (!measured) throw new Error(question.needs);
      const { d, g, later } = measured, right = g > 0 ? (d > 0 ? 2 : 1) : 0;
      return { right, values: { d: d.toFixed(4), g: g.toFixed(4), later: later.toFixed(4) } };
    },
  };
}

const inLoop = (text) => /^ {8}\S/.test(text) && /real|fake|_loss|_optim/.test(text) && !/yield|losses =/.test(text);

// How far D's answers and the fakes moved in the first half of a step, and the fakes in the second.
function changesOf([before, middle, after]) {
  const mean = (a, b, scale = 1) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
    return sum / (a.length * scale);
  };
  return {
    d: mean(before.surface, middle.surface, 255),
    g: mean(before.fakes, middle.fakes),
    later: mean(middle.fakes, after.fakes),
  };
}
