// The tutorial's program: to read line by line, to take home, and to run here.
import { fetchRoute, query } from "../../core/api.js";
import { make, saveAs } from "../../core/dom.js";
import { texts } from "../../core/texts.js";
import { listing } from "../listing.js";
import { programOf } from "../program.js";
import { programRun, runButton } from "../run_program.js";

const LITTLE = 0.2, GUESSING = 1.3; // of D's loss

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words, question }, failed, tried }) {
  const note = make("p.gs-line-note", { role: "status" }, words.hint);
  const code = make("div"), runner = programRun(words);
  const element = make(
    "div.gs-program",
    make("div", note, code),
    make(
      "div",
      make(
        "div.gs-row",
        runButton(words, runner, act, failed),
        make("button", { onclick: () => save("py") }, words.python),
        make("button", { onclick: () => save("ipynb") }, words.notebook),
      ),
      runner.element,
    ),
  );
  let loss = null;

  async function begin() {
    const [lines, notes] = await Promise.all([programOf(), texts("program")]);
    code.replaceChildren(
      listing(lines, words.code, (i) => {
        note.textContent = noteOf(lines, notes, i) ?? words.hint;
      }).element,
    );
  }

  async function save(/** @type {string} */ as) {
    try {
      saveAs(await (await fetchRoute(`learn/program/file?${query({ as })}`)).blob(), `tutorial_gan.${as}`);
    } catch (error) {
      failed(error);
    }
  }

  async function act() {
    loss = (await runner.run(""))?.d_loss ?? loss;
    tried();
  }

  return {
    element,
    begin,
    stop: () => runner.stop(),
    measure() {
      if (loss === null) throw new Error(question.needs);
      return { right: loss < LITTLE ? 0 : loss <= GUESSING ? 1 : 2, values: { loss: loss.toFixed(2) } };
    },
  };
}

/** The note of a line; one within a longer statement has that of the line above.
 * @param {import("../program.js").Line[]} lines @param {Record<string, string>} notes @param {number} index */
export function noteOf(lines, notes, index) {
  for (let i = index; i >= 0 && lines[i].text.trim(); i--) {
    const note = notes[lines[i].text.trim()];
    if (note) return note;
  }
}
