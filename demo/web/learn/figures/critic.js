// Play the discriminator: twenty pictures, real or fake, against the recorded D of some step.
import { fetchRoute } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { fill } from "../../core/texts.js";
import { load } from "../../run/recorded.js";

const COLUMNS = 5;

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words, question }, props, failed, tried }) {
  let recorded = null, level = 0, round = 0, judged = false;
  /** @type {Record<number, {you: number, d: number, count: number}>} */
  const scores = {};
  const levels = make("div.gs-row", { role: "group" });
  const cards = make("div.gs-cards");
  const score = make("p.gs-verdict", { role: "status" });
  const judge = make("button.gs-main", { onclick: act });
  const looks = make("input", { type: "checkbox", onchange: () => paintAll() });
  const element = make(
    "div.gs-critic",
    levels,
    make("p.gs-quiet", words.task),
    cards,
    make("div.gs-row", judge, make("label.gs-check", looks, words.looks)),
    score,
  );
  /** @type {{pictures: ImageBitmap, gradients: ImageBitmap} | null} */
  let sheets = null;

  const now = () => recorded.levels[level];
  const answers = () => now().rounds[round];

  async function begin() {
    recorded = await load(props.critic);
    if (!recorded) throw new Error("The recorded games are not here.");
    levels.replaceChildren(
      ...recorded.levels.map(({ step }, i) =>
        make("button", { onclick: () => deal(i, 0) }, fill(words.level, { step: step.toLocaleString("en") }))
      ),
    );
    await deal(0, 0);
  }

  const sheetOf = async (kind) => {
    const path = `${recorded.frames}/${kind}-${round}/${now().step}`;
    return createImageBitmap(await (await fetchRoute(path)).blob());
  };

  async function deal(/** @type {number} */ newLevel, /** @type {number} */ newRound) {
    [level, round, judged] = [newLevel, newRound, false];
    [...levels.children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === level)));
    judge.textContent = words.judge;
    score.textContent = "";
    looks.checked = false;
    looks.disabled = true;
    const [pictures, gradients] = await Promise.all([sheetOf("pictures"), sheetOf("gradients")]);
    sheets = { pictures, gradients };
    cards.replaceChildren(
      ...answers().real.map((_, i) => {
        const canvas = make("canvas", { width: recorded.size, height: recorded.size }), note = make("span.gs-quiet");
        const card = make("button.gs-card-button", { onclick: () => mark(card) }, canvas, note);
        card.setAttribute("aria-label", fill(words.picture, { number: i + 1 }));
        card.setAttribute("aria-pressed", "false");
        return card;
      }),
    );
    paintAll();
  }

  function mark(card) {
    if (judged) return;
    card.setAttribute("aria-pressed", String(card.getAttribute("aria-pressed") !== "true"));
  }

  function paintAll() {
    const sheet = looks.checked ? sheets.gradients : sheets.pictures, { size } = recorded;
    [...cards.children].forEach((card, i) => {
      const pen = card.querySelector("canvas").getContext("2d");
      pen.drawImage(sheet, (i % COLUMNS) * size, Math.floor(i / COLUMNS) * size, size, size, 0, 0, size, size);
    });
  }

  function act() {
    if (judged) return void deal(level, (round + 1) % now().rounds.length).catch(failed);
    judged = true;
    const { real, d } = answers(),
      marked = [...cards.children].map((card) => card.getAttribute("aria-pressed") === "true");
    /** @type {HTMLElement[]} */ (/** @type {unknown} */ ([...cards.children])).forEach((card, i) => {
      card.dataset.real = String(real[i]);
      card.dataset.right = String(marked[i] === real[i]);
      card.querySelector("span").textContent = `${real[i] ? words.real : words.fake} · D ${d[i].toFixed(2)}`;
    });
    const you = real.filter((is, i) => is === marked[i]).length,
      right = real.filter((is, i) => is === (d[i] > 0.5)).length;
    scores[now().step] = { you, d: right, count: real.length };
    score.textContent = fill(words.score, { you, d: right, count: real.length });
    judge.textContent = words.again;
    looks.disabled = false;
    tried();
  }

  return {
    element,
    begin,
    measure() {
      const last = recorded && scores[recorded.levels.at(-1).step];
      if (!last) throw new Error(question.needs);
      return { right: last.you > last.d ? 0 : last.you < last.d ? 1 : 2, values: last };
    },
  };
}
