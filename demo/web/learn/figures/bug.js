// Find the bug: one of the tutorial's mistakes is put into the program; the reader predicts, then it runs.
import { make } from "../../core/dom.js";
import { fill } from "../../core/texts.js";
import { programOf } from "../program.js";
import { radios } from "../radios.js";
import { programRun, runButton } from "../run_program.js";

const AROUND = 3; // lines shown before and after a changed one

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words, bugs, outcomes, figure: { state } }, failed, tried }) {
  const names = Object.keys(bugs);
  const runner = programRun({ ...words, state: state ?? "", samples: words.choose });
  const code = make("pre.gs-code", { tabIndex: 0 });
  const menu = radios([make("strong", words.choose)], names.map((name) => [name, bugs[name].title]), choose);
  const guess = radios([make("strong", words.predict)], Object.entries(outcomes), () => say([]));
  const run = runButton(words, runner, act, failed);
  const verdict = make("div.gs-verdict", { role: "status" });
  const element = make(
    "div.gs-bug",
    make("div", menu.element, code),
    make("div", guess.element, make("div.gs-row", run), runner.element, verdict),
  );
  let bug = names[0];

  async function choose(/** @type {string} */ name) {
    bug = name;
    runner.stop();
    guess.clear();
    say([]);
    try {
      const lines = await programOf(name);
      if (name !== bug) return;
      const near = lines.map((_, i) =>
        lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some(({ changed }) => changed)
      );
      code.replaceChildren(...lines.flatMap((line, i) => (near[i] ? rowsOf(line) : near[i - 1] ? ["⋮\n"] : [])));
    } catch (error) {
      failed(error);
    }
  }

  const rowsOf = ({ text, changed, instead }) => [
    ...instead.map((old) => make("del.gs-line-of-code", { title: words.instead }, `- ${old}`)),
    make(changed ? "ins.gs-line-of-code" : "span.gs-line-of-code", `${changed ? "+" : " "} ${text}`),
  ];

  async function act() {
    const said = guess.chosen();
    if (!said) return say([words.missing]);
    say([]);
    const mine = bug, end = await runner.run(mine);
    if (end?.outcome && mine === bug) judge(end, said);
  }

  function judge({ outcome, facts }, said) {
    const right = outcome === said, happened = outcomes[outcome];
    const first = right
      ? fill(words.right, { outcome: happened })
      : fill(words.wrong, { said: outcomes[said], outcome: happened });
    const percent = Math.round(100 * (facts.variety ?? 0));
    const measured = outcome === "error"
      ? fill(words.error, facts)
      : fill(words.measured, { ...facts, variety: `${percent} %` });
    say([make("strong", first), measured, bugs[bug].why]);
    verdict.dataset.kind = right ? "right" : "wrong";
    tried();
  }

  function say(/** @type {(string | Node)[]} */ parts) {
    verdict.replaceChildren(...parts.map((part) => make("p", part)));
    verdict.dataset.kind = "";
  }

  return {
    element,
    begin() {
      menu.choose(bug);
      return choose(bug);
    },
    stop: () => runner.stop(),
  };
}
