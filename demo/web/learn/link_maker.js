// For teachers: set the page up, then take one link, or its QR code, that opens it exactly so.
import { copyAddress, fieldsNow, linkOf } from "../core/address.js";
import { query, url } from "../core/api.js";
import { make, notifier, select } from "../core/dom.js";
import { CHAPTERS } from "./chapters.js";
import { HIDEABLE, MAX_TASK } from "./lesson_fields.js";

const REST_MS = 300;

/** A panel that stays while tabs change. @param {any} ui its words @param {any} lessons their texts */
export function linkMaker(ui, lessons) {
  document.querySelector(".gs-link-maker")?.remove();
  const task = make("input", { type: "text", maxLength: MAX_TASK, placeholder: ui.taskExample, "aria-label": ui.task });
  const options = CHAPTERS.map(({ id }) => /** @type {[string, string]} */ ([id, lessons[id].title]));
  const lesson = select(ui.beside, [["", ui.noLesson], ...options]);
  const hide = Object.keys(HIDEABLE).map((name) => ({ name, input: make("input", { type: "checkbox" }) }));
  const notice = make("span.gs-quiet", { role: "status" }), notify = notifier(notice);
  const code = make("img.gs-qr", { alt: ui.qr, hidden: true });
  const panel = make(
    "section.gs.gs-link-maker",
    { "aria-label": ui.makeLink },
    make(
      "div.gs-row",
      make("strong", ui.makeLink),
      make("button.gs-dismiss", { "aria-label": ui.closePanel, onclick: () => panel.remove() }, "✕"),
    ),
    make("p.gs-quiet", ui.howToLink),
    make("label", ui.task, task),
    make("label", ui.beside, lesson),
    make(
      "details",
      make("summary", ui.hide),
      make("div.gs-hides", ...hide.map(({ name, input }) => make("label.gs-check", input, ui.hidden[name]))),
    ),
    make(
      "div.gs-row",
      make("button.gs-main", { onclick: async () => notify(await copyAddress(linkNow())) }, ui.copyLink),
      make("button", { onclick: showCode }, ui.qr),
      notice,
    ),
    code,
  );

  // The state that is shown now, with what is added to it.
  function linkNow() {
    const fields = Object.fromEntries(fieldsNow());
    const hidden = hide.filter(({ input }) => input.checked).map(({ name }) => name).join(",");
    for (const [name, value] of [["task", task.value.trim()], ["lesson", lesson.value], ["hide", hidden]]) {
      if (value) fields[name] = value;
      else delete fields[name];
    }
    return linkOf(fields);
  }

  // The state rests before it is in the address.
  async function showCode() {
    await new Promise((done) => setTimeout(done, REST_MS));
    code.src = url(`learn/qr?${query({ text: linkNow() })}`);
    code.hidden = false;
  }

  document.querySelector(".gradio-container")?.append(panel);
  task.focus();
}
