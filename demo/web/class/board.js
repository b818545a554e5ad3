// The teacher's board: the room's code, a wall of everybody's runs, where everybody is, how predictions are spread.
import { linkOf } from "../core/address.js";
import { query, url } from "../core/api.js";
import { make, saveAs } from "../core/dom.js";
import { fill, texts } from "../core/texts.js";
import { asTeacher } from "./requests.js";
import { wallOf } from "./wall.js";

const EVERY_MS = 900;

/** @param {HTMLElement} root @param {string} key */
export async function board(root, key) {
  const [words, lessons] = await Promise.all([texts("class"), texts("lessons")]), ask = asTeacher(key);
  const error = make("p.gs-error", { role: "alert", hidden: true });
  const code = make("span.gs-room-code", { translate: false }), count = make("span.gs-quiet");
  const open = button(words.open, () => ask.post("open")), close = button(words.close, () => ask.post("close"));
  const pause = button(words.pause, () => ask.post("pause", { paused: !now.paused }));
  const unpin = button(words.unpin, () => ask.post("pin", { run: "" }));
  const csv = button(words.csv, async () => saveAs(await (await ask.get("results.csv")).blob(), "class.csv"));
  const film = button(words.film, async () => saveAs(await (await ask.get("gallery.gif")).blob(), "class.gif"));
  const qr = make("img.gs-qr", { alt: words.qr, hidden: true });
  const wall = wallOf(words, lessons, (run) => act(() => ask.post("pin", { run })));
  const spread = make("div.gs-spread");
  const inside = make("div", make("div.gs-row", pause, unpin, csv, film, close), wall.element, spread);
  const panel = make(
    "details.gs-class-board",
    { open: true },
    make("summary", words.board),
    make("div.gs-room", code, qr, make("div", count, make("div.gs-row", open))),
    error,
    inside,
  );
  root.replaceChildren(panel);
  /** @type {any} */
  let now = {};

  function button(/** @type {string} */ text, /** @type {() => Promise<any>} */ work) {
    return make("button", { onclick: () => act(work) }, text);
  }

  async function act(/** @type {() => Promise<any>} */ work) {
    try {
      await work();
      error.hidden = true;
      await look();
    } catch (failure) {
      error.textContent = failure.message;
      error.hidden = false;
    }
  }

  async function look() {
    show(await (await ask.get("board")).json());
  }

  function show(/** @type {any} */ board) {
    if (board.code !== now.code) {
      code.textContent = board.code;
      qr.hidden = !board.code;
      if (board.code) qr.src = url(`learn/qr?${query({ text: linkOf({ room: board.code }) })}`);
    }
    now = board;
    inside.hidden = !board.code;
    open.hidden = Boolean(board.code);
    count.textContent = board.code ? fill(words.count, { count: board.students.length }) : words.none;
    if (!board.code) return;
    pause.textContent = board.paused ? words.goOn : words.pause;
    unpin.hidden = !board.pinned;
    wall.show(board);
    spread.replaceChildren(...Object.entries(board.spread).map(([id, counts]) => spreadOf(lessons[id], counts, words)));
  }

  for (;;) {
    if (!document.hidden && panel.open) await act(async () => {});
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
}

// How many chose which answer of a lesson's question.
function spreadOf(lesson, counts, words) {
  if (!lesson?.question) return "";
  const most = Math.max(...Object.values(counts).map(Number));
  const rows = lesson.question.options.map((text, i) => {
    const count = counts[i] ?? 0, bar = make("span.gs-bar", { "aria-hidden": "true" });
    bar.style.width = `${(100 * count) / most}%`;
    return make("li", make("span", text), make("strong", String(count)), bar);
  });
  return make("section", make("h3", fill(words.predicted, { title: lesson.title })), make("ul", ...rows));
}
