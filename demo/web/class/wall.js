// The wall: a card for each student, with his run's newest pictures.
import { make } from "../core/dom.js";
import { fit, newestSheet, paintSheet, store } from "../core/sample_sheets.js";
import { fill } from "../core/texts.js";

const ROOM = 132, MOST = 4; // CSS pixels of a card's pictures; a row of them
const ACROSS = 8; // pictures in a row of a sheet

/** @param {any} words @param {any} lessons @param {(run: string) => void} pin */
export function wallOf(words, lessons, pin) {
  const element = make("ul.gs-wall");
  /** @type {Map<string, ReturnType<typeof cardOf>>} */
  const cards = new Map();

  return {
    element,
    show({ students, pinned }) {
      const names = new Set(students.map(({ nickname }) => nickname));
      for (const [name, { element }] of cards) {
        if (names.has(name)) continue;
        element.remove();
        cards.delete(name);
      }
      for (const student of students) {
        if (!cards.has(student.nickname)) {
          cards.set(student.nickname, cardOf(words, lessons, pin));
          element.append(cards.get(student.nickname).element);
        }
        cards.get(student.nickname).show(student, pinned);
      }
    },
  };
}

function cardOf(words, lessons, pin) {
  const name = make("strong", { translate: false }), place = make("span.gs-quiet"), state = make("span.gs-quiet");
  const canvas = make("canvas.gs-picture", { width: ROOM, height: ROOM, role: "img" });
  const show = make("button.gs-link", { onclick: () => pin(run.id) }, words.pin);
  const element = make("li", name, canvas, state, place, show);
  /** @type {any} */
  let run = null;
  const paint = newestSheet(store(() => {}), ({ sheet }) => {
    const size = sheet.width / ACROSS;
    const count = Math.max(1, Math.min(MOST, Math.floor(ROOM / size)));
    paintSheet(canvas, sheet, size, fit(ROOM, size, count), count, count);
  });

  return {
    element,
    show(student, pinned) {
      ({ run } = student);
      name.textContent = student.nickname;
      element.classList.toggle("gs-away", student.away);
      const title = lessons[student.chapter]?.title;
      place.textContent = title ? fill(words.at, { title, done: student.done }) : "";
      show.hidden = !run;
      canvas.setAttribute("aria-label", fill(words.pictures, { nickname: student.nickname }));
      state.textContent = run ? stateOf(run) : words.noRun;
      element.classList.toggle("gs-pinned", Boolean(run) && run.id === pinned);
      if (run?.step !== undefined && run.state !== "queued") {
        paint({ path: `runs/${run.id}/frame/${run.step}` });
      }
    },
  };

  function stateOf({ state, place, step, ratio }) {
    if (state === "queued") return fill(words.queued, { place });
    const near = ratio ? fill(words.ratio, { ratio: ratio.toFixed(1) }) : "";
    return `${fill(words.step, { state: words.states[state] ?? state, step: step.toLocaleString("en") })}${near}`;
  }
}
