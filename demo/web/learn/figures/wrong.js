// What goes wrong: sessions on points with settings that fail, each in its own way.
import { make } from "../../core/dom.js";
import { fill } from "../../core/texts.js";
import { pointsView, stopped } from "./points_view.js";

const STEPS = 600;
const BASE = { data: "ring", seed: 1 };
const WAYS = {
  healthy: {},
  collapse: { method: "nonsaturating", g_lr: 1e-2, d_lr: 1e-4 },
  vanishing: { method: "minimax", n_critic: 5, g_lr: 1e-4, d_lr: 1e-2 },
  oscillation: { method: "nonsaturating", g_lr: 1e-1, d_lr: 1e-1, beta1: 0.9 },
};

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words, question }, failed, tried }) {
  const said = make("p.gs-verdict", { role: "status" });
  const view = pointsView({ label: words.healthy, failed, changed: tell }), { session } = view;
  const buttons = Object.keys(WAYS).map((name) => make("button", { onclick: () => run(name) }, words[name]));
  const stop = make("button", { onclick: () => session.pause(), disabled: true }, words.stop);
  const element = make("div.gs-wrong", make("div.gs-row", ...buttons, stop), view.element, said);
  let way = "healthy", collapsed = null;

  async function run(/** @type {string} */ name) {
    await show(name);
    tried();
  }

  async function show(/** @type {string} */ name) {
    way = name;
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(Object.keys(WAYS)[i] === name)));
    await session.open({ ...BASE, ...WAYS[name] }, null);
    await session.play(null, STEPS);
    await stopped(session);
    if (name === "collapse" && way === name && covered()) collapsed = covered();
  }

  const covered = () => session.frames.findLast((frame) => (frame.covered ?? null) !== null);

  function tell() {
    stop.disabled = !session.running;
    const last = covered(), { finding, about } = session;
    if (!last || !about) return;
    const found = fill(words.found, { covered: last.covered, modes: about.modes, step: last.step });
    said.textContent = [found, finding ? fill(words.finding, { words: finding.message ?? finding.words ?? "" }) : ""]
      .join(" ");
  }

  return {
    element,
    begin: () => show("healthy"), // by itself, which is nothing that the reader did
    start: view.draw,
    stop() {
      if (session.running) session.pause();
    },
    measure() {
      if (!collapsed) throw new Error(question.needs);
      const { modes } = session.about, share = collapsed.covered;
      return { right: share === modes ? 0 : share > 2 ? 1 : 2, values: { covered: share, modes } };
    },
  };
}
