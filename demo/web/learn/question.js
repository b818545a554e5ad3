// One question: the reader predicts, then the program measures, and says which it is.
import { make } from "../core/dom.js";
import { fill } from "../core/texts.js";
import { radios } from "./radios.js";
import { inline } from "./rich_text.js";

/**
 * @param {object} options
 * @param {{ask: string, options: string[], said: string}} options.question
 * @param {Record<string, string>} options.ui the words of the tab
 * @param {import("./chapters.js").Figure["measure"]} options.measure
 * @param {number | undefined} options.told what was predicted before
 * @param {(choice: number, right: boolean) => void} options.answered
 */
export function questionOf({ question, ui, measure, told, answered }) {
  const asked = [make("strong", `${ui.predict} `), ...inline(question.ask)];
  const group = radios(asked, question.options.map((text, i) => [String(i), text]));
  group.choose(String(told));
  const verdict = make("p.gs-verdict", { role: "status" });
  const check = make("button.gs-main", { onclick: act }, ui.check);

  async function act() {
    if (!group.chosen()) return say(ui.choose, "");
    const choice = Number(group.chosen());
    check.disabled = true;
    say(ui.measuring, "");
    try {
      const { right, values } = await measure();
      const outcome = right === choice ? ui.right : fill(ui.wrong, { answer: question.options[right] });
      say(`${outcome} ${fill(question.said, values)}`, right === choice ? "right" : "wrong");
      answered(choice, right === choice);
    } catch (error) {
      say(error.message, "");
    }
    check.disabled = false;
  }

  function say(/** @type {string} */ words, /** @type {string} */ kind) {
    verdict.replaceChildren(...inline(words));
    verdict.dataset.kind = kind;
  }

  return make("section.gs-question", group.element, check, verdict);
}
