// Upload of weights for the model menu: config.json and model.safetensors, or a zip of them.
import { dropOf, lazy, make } from "../core/dom.js";

const LABEL = "Your weights";

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, _props, trigger) {
  const words = make("span", LABEL);
  const message = make("span", { role: "alert" });
  const close = make("button", { onclick: () => showError("") }, "Close");
  const error = make("div.gs-refused", { hidden: true }, message, close);
  function showError(sentence) {
    message.textContent = sentence;
    error.hidden = !sentence;
  }
  const input = make("input.gs-hidden", { type: "file", multiple: true, tabIndex: -1, "aria-hidden": "true" });
  const button = make("button", {
    onclick: () => input.click(),
    title: "Choose model.safetensors and config.json of a generator, or the zip that Download weights gives.",
  }, words);
  let busy = false;

  /** @param {(uploads: typeof import("./upload.js")) => any} find the files */
  async function take(find) {
    if (busy) return;
    busy = true;
    showError("");
    try {
      const [uploads, { jobOfThisPage }] = await lazy(() =>
        Promise.all([import("./upload.js"), import("../core/jobs.js")])
      );
      const files = await find(uploads);
      const upload = uploads.upload(files, (sent, total) => {
        words.textContent = `Sending ${Math.round((100 * sent) / total)} %`;
      });
      const id = await upload.id;
      words.textContent = "Reading…";
      try {
        await (await jobOfThisPage(`own/${id}/weights`, {}, () => {})).result;
      } catch (refused) {
        uploads.remove(id);
        throw refused;
      }
      const named = files.find(({ name }) => !name.endsWith("config.json")) || files[0];
      trigger("chosen", { id, label: named.name });
    } catch (refused) {
      showError(refused.message);
    }
    words.textContent = LABEL;
    busy = false;
  }

  input.onchange = () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) take(({ chosen }) => chosen(files));
  };
  button.ondragover = (event) => event.preventDefault();
  button.ondrop = (event) => {
    event.preventDefault();
    const drop = dropOf(event.dataTransfer);
    take(({ dropped }) => dropped(drop));
  };
  element.querySelector(".gs-weights").append(button, input, error);
}
