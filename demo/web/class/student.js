// A student's bar: joining with a nickname, what the teacher shows, and what the page reports of the lessons.
import { make } from "../core/dom.js";
import { sendTo } from "../core/page.js";
import { progress } from "../core/progress.js";
import { session, stored } from "../core/storage.js";
import { fill, texts } from "../core/texts.js";
import { asStudent } from "./requests.js";

const EVERY_MS = 2000;
const GONE = 410; // the room, or the place in it

/** @param {HTMLElement} root @param {string} code of the link, if it has one */
export async function student(root, code) {
  const words = await texts("class");
  const error = make("p.gs-error", { role: "alert", hidden: true });
  let shownRun = session.get("pinned") ?? "";

  function failed(/** @type {Error} */ failure) {
    error.textContent = failure.message;
    error.hidden = false;
  }

  function askName(/** @type {Error | null} */ why = null) {
    session.set("student", null);
    const room = make("input", {
      type: "text",
      value: code,
      maxLength: 4,
      "aria-label": words.code,
      className: "gs-code-field",
    });
    const name = make("input", {
      type: "text",
      maxLength: 24,
      "aria-label": words.nickname,
      placeholder: words.nickname,
    });
    const join = make("button.gs-main", { type: "submit" }, words.join);
    const form = make("form.gs-row.gs-join", make("strong", words.title), room, name, join);
    form.onsubmit = async (event) => {
      event.preventDefault();
      error.hidden = true;
      try {
        const browser = stored("ganscope-browser", (text) => text) ?? "";
        const response = await asStudent("join", { code: room.value, nickname: name.value, browser });
        session.set("student", (await response.json()).student);
        follow();
      } catch (failure) {
        failed(failure);
      }
    };
    root.replaceChildren(form, error);
    if (why) failed(why);
  }

  function reported() {
    const { at, done, told, right } = progress();
    const predictions = Object.fromEntries(
      Object.entries(told).map(([id, choice]) => [id, { choice, right: Boolean(right[id]) }]),
    );
    return { chapter: at ?? "", done: Object.values(done).filter(Boolean).length, predictions };
  }

  async function follow() {
    const name = make("span", { translate: false }), news = make("strong", { role: "status" });
    const leave = make("button.gs-link", { onclick: () => quit() }, words.leave);
    root.replaceChildren(make("p.gs-row.gs-in-class", name, news, leave), error);
    const mine = session.get("student");

    async function quit() {
      await asStudent("leave", { student: mine }).catch(() => {});
      session.set("student", null);
      root.replaceChildren();
    }

    while (mine && session.get("student") === mine) {
      try {
        const here = await (await asStudent("here", { student: mine, ...reported() })).json();
        name.textContent = fill(words.here, { code: here.code, nickname: here.nickname, count: here.count });
        news.textContent = here.paused ? words.paused : "";
        error.hidden = true;
        if (here.pinned !== shownRun) pinned(here.pinned);
      } catch (failure) {
        if (failure.status === GONE) return askName(failure);
        failed(failure);
      }
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  }

  // Train opens on the run that the teacher shows.
  function pinned(/** @type {string} */ run) {
    shownRun = run;
    session.set("pinned", run);
    if (run) sendTo("train", { run });
  }

  if (session.get("student")) follow();
  else askName();
}
