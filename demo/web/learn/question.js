// One question: the reader predicts, then the program measures, and says which it is.
import { make } from "../core/dom.js";
import { fill } from "../core/texts.js";
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
  const choices = question.options.map((text, i) => {
    const input = make("input", { type: "radio", name: `gs-question-${question.ask}`, value: String(i) });
    input.checked = i === told;
    return { input, element: make("label.gs-option", input, make("span", text)), text };
  });
  const verdict = make("p.gs-verdict", { role: "status" });
  const check = make("button.gs-main", { onclick: act }, ui.check);
  const legend = make("legend", make("strong", `${ui.predict} `), ...inline(question.ask));
  const group = make("fieldset.gs-options", legend, ...choices.map(({ element }) => element));

  async function act() {
    const choice = choices.findIndex(({ input }) => input.checked);
    if (choice < 0) return say(ui.choose, "");
    check.disabled = true;
    say(ui.measuring, "");
    try {
      const { right, values } = await measure();
      const outcome = right === choice ? ui.right : fill(ui.wrong, { answer: choices[right].text });
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

  return make("section.gs-question", group, check, verdict);
}
