// Learn: the lessons, one at a time, each with a figure that is alive, a question, and a way into the page.
import { fieldsOf, keepState } from "../core/address.js";
import { errorsIn, lazy, make } from "../core/dom.js";
import { openTab } from "../core/page.js";
import { fill, texts } from "../core/texts.js";
import { CHAPTERS } from "./chapters.js";
import { progress, remember } from "../core/progress.js";
import { questionOf } from "./question.js";
import { paragraph } from "./rich_text.js";
import { showMe } from "./tour.js";

const GLOSSARY = "glossary"; // its name in addresses

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props) {
  const root = element.querySelector(".gs-learn");
  let started = false;
  // Load nothing until the tab is opened.
  new IntersectionObserver(([seen]) => {
    if (seen.isIntersecting && !started) {
      started = true;
      begin().catch((error) => root.replaceChildren(make("p.gs-error", { role: "alert" }, error.message)));
    }
  }).observe(root);

  async function begin() {
    const [lessons, ui] = await Promise.all([texts("lessons"), texts("learn")]);
    root.replaceChildren(...learn(lessons, ui, props.value).elements);
  }
}

/** @param {any} lessons @param {any} ui @param {any} facts what the server says */
function learn(lessons, ui, facts) {
  /** What is open: a lesson with its figure, or the glossary.
   * @type {{id: string, figure: import("./chapters.js").Figure | null, begin?: () => void} | null} */
  let now = null;
  const list = make("ol.gs-chapters");
  const page = make("article.gs-lesson", { tabIndex: -1 });
  const count = make("p.gs-quiet");
  const reset = make("button.gs-link", { onclick: forget }, ui.reset);
  const words = make("button.gs-link", { onclick: () => go(GLOSSARY) }, ui.glossary);
  const maker = make("button.gs-link", { onclick: makeLink }, ui.makeLink);
  const contents = make("nav.gs-contents", { "aria-label": ui.contents }, list, count, reset, words, maker);
  const links = CHAPTERS.map((chapter, i) => {
    const open = make("button", { onclick: () => go(chapter.id) });
    list.append(make("li", open));
    return { chapter, open, number: i + 1 };
  });
  const visible = new IntersectionObserver((all) => {
    for (const { isIntersecting } of all) {
      if (isIntersecting) now?.begin?.();
      now?.figure?.[isIntersecting ? "start" : "stop"]?.();
    }
  });
  const kept = keepState("learn", () => (now ? { learn: now.id } : {}), restore);

  function restore(/** @type {URLSearchParams} */ fields) {
    openPage(fields.get("learn") ?? "");
  }

  function openPage(/** @type {string} */ id) {
    if (id === GLOSSARY) openGlossary().catch((error) => page.replaceChildren(error.message));
    else open(chapterOf(id) ?? CHAPTERS[0]);
  }

  // The page that is open gives way to another.
  function turnTo(/** @type {string} */ id) {
    now?.figure?.stop?.();
    visible.disconnect();
    now = { id, figure: null };
    remember({ at: id });
    mark();
    return now;
  }

  async function openGlossary() {
    turnTo(GLOSSARY);
    const glossary = Object.values(await texts("glossary"));
    const rows = glossary.flatMap(({ term, text }) => [make("dt", term), make("dd", text)]);
    page.replaceChildren(make("h2", ui.glossary), make("dl.gs-glossary", ...rows));
  }

  async function makeLink() {
    const { linkMaker } = await lazy(() => import("./link_maker.js"));
    linkMaker(ui, lessons);
  }

  const chapterOf = (id) => CHAPTERS.find((chapter) => chapter.id === id);

  function go(/** @type {string} */ id) {
    openPage(id);
    kept.changed();
    page.focus({ preventScroll: true });
    page.scrollIntoView({ block: "start" });
  }

  function mark() {
    const { done } = progress();
    for (const { chapter, open, number } of links) {
      const { title } = lessons[chapter.id], isDone = Boolean(done[chapter.id]);
      const tick = make("span.gs-tick", { "aria-hidden": "true" }, isDone ? "✓" : String(number));
      open.replaceChildren(tick, title, ...(isDone ? [make("span.gs-hidden", ` (${ui.done})`)] : []));
      open.setAttribute("aria-current", chapter.id === now?.id ? "page" : "false");
    }
    const finished = CHAPTERS.filter(({ id }) => done[id]).length;
    count.textContent = fill(ui.count, { done: finished, all: CHAPTERS.length });
    reset.hidden = !finished;
  }

  function forget() {
    remember({ done: Object.fromEntries(CHAPTERS.map(({ id }) => [id, false])) });
    mark();
  }

  function finish(/** @type {string} */ id) {
    remember({ done: { [id]: true } });
    mark();
  }

  function open(/** @type {import("./chapters.js").Chapter} */ chapter) {
    const mine = turnTo(chapter.id);
    const { id } = chapter, words = lessons[id], at = CHAPTERS.indexOf(chapter);
    const place = make("figure.gs-figure", make("p.gs-quiet", ui.loading)),
      error = make("p.gs-error", { role: "alert" });
    const asked = make("div");
    const step = (by, text) => {
      const other = CHAPTERS[at + by];
      return other
        ? [make("button", { onclick: () => go(other.id) }, fill(text, { title: lessons[other.id].title }))]
        : [];
    };
    const tour = make("button.gs-show-me", { onclick: () => tourOf(chapter) }, ui.show);
    page.replaceChildren(
      make("p.gs-quiet", fill(ui.place, { number: at + 1, all: CHAPTERS.length })),
      make("h2", words.title),
      make("div.gs-prose", ...words.text.map(paragraph)),
      place,
      error,
      asked,
      make("div.gs-row.gs-go-on", make("span", words.show.task), tour),
      make("div.gs-row.gs-turn", ...step(-1, ui.before), ...step(1, ui.after)),
    );
    load(chapter, mine, { place, error, asked });
  }

  async function load(chapter, mine, { place, error, asked }) {
    const words = lessons[chapter.id], failed = errorsIn(error);
    try {
      const { figure } = await lazy(chapter.load);
      if (now !== mine) return;
      const made = figure({ words, props: facts, failed, tried: () => finish(chapter.id) });
      mine.figure = made;
      mine.begin = () => {
        mine.begin = undefined;
        begin(made).catch(failed);
      };
      place.replaceChildren(made.element);
      visible.observe(place);
      if (!words.question) return;
      const answered = (choice, right) => {
        remember({ told: { [chapter.id]: choice }, right: { [chapter.id]: right } });
        finish(chapter.id);
      };
      const { question } = words, told = progress().told[chapter.id];
      asked.replaceChildren(questionOf({ question, ui, measure: made.measure, told, answered }));
    } catch (failure) {
      place.replaceChildren();
      failed(failure);
    }
  }

  const begin = async (/** @type {import("./chapters.js").Figure} */ figure) => void (await figure.begin?.());

  function tourOf(/** @type {import("./chapters.js").Chapter} */ chapter) {
    const { title, show } = lessons[chapter.id];
    showMe(chapter.show, { ...show, title, back: ui.back, close: ui.close }, {
      did: () => finish(chapter.id),
      back: () => openTab("learn"),
    });
  }

  restore(fieldsOf("learn").get("learn") ? fieldsOf("learn") : new URLSearchParams({ learn: progress().at ?? "" }));
  kept.opened();
  return { elements: [make("div.gs-lesson-page", contents, page)] };
}
