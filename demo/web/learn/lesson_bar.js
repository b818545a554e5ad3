// What a lesson link shows above the page: its task, the lesson's words, and what of the page it hides.
import { fieldsNow } from "../core/address.js";
import { lazy, make } from "../core/dom.js";

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element) {
  const root = element.querySelector(".gs-lesson-bar");
  const fields = fieldsNow();
  if (["hide", "task", "lesson"].some((name) => fields.get(name))) {
    show(root, fields).catch((error) => root.replaceChildren(make("p.gs-error", { role: "alert" }, error.message)));
  }
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "f" && isPlain(event)) {
      event.preventDefault();
      lazy(() => import("./projector.js")).then(({ toggleProjector }) => toggleProjector());
    }
  });
}

// Not while somebody types, nor with other keys held.
function isPlain({ target, ctrlKey, metaKey, altKey, repeat }) {
  const typing = target instanceof Element &&
    target.closest("input:not([type=range]), textarea, select, [contenteditable]");
  return !ctrlKey && !metaKey && !altKey && !repeat && !typing;
}

async function show(root, fields) {
  const [{ HIDEABLE, lessonFields }, { CHAPTERS }, { texts }, { paragraph }] = await lazy(() =>
    Promise.all([
      import("./lesson_fields.js"),
      import("./chapters.js"),
      import("../core/texts.js"),
      import("./rich_text.js"),
    ])
  );
  const { hide, task, lesson, problems } = lessonFields(fields, CHAPTERS.map(({ id }) => id));
  if (hide.length) {
    const hidden = hide.map((name) => HIDEABLE[name]).join(", ");
    document.head.append(make("style", `:is(${hidden}) { display: none !important; }`));
  }
  /** @type {HTMLElement[]} */
  const parts = problems.map((words) => make("p.gs-error", { role: "alert" }, words));
  if (task) parts.push(make("p.gs-task", { translate: false }, task));
  if (lesson) {
    const { title, text } = (await texts("lessons"))[lesson];
    const prose = make("div.gs-prose", ...text.map(paragraph));
    parts.push(make("details.gs-beside", make("summary", title), prose));
  }
  root.replaceChildren(...parts);
}
