// The folded export panel of a tab: files, code that reproduces the result, and pushing to the Hugging Face Hub.
import { fetchRoute, query } from "../core/api.js";
import { copyText, make, saveAs } from "../core/dom.js";
import { job } from "../core/jobs.js";
import { exactText } from "../core/latent_text.js";
import { turns } from "../core/latest_request.js";

/** @typedef {[label: string, hint: string, work: (setStatus: (words: string) => void) => Promise<any>]} Tool */

const REST_MS = 250; // debounce of the request for code lines

/**
 * A panel's content. Returns {children, show(), update(), buttons}; call update() when the page shows something else.
 * @param {object} options
 * @param {Tool[]} options.tools label, hint, work
 * @param {() => Promise<{python: string, command: string, needs: string}>} options.again
 * @param {HTMLElement[]} [options.extra] below
 */
function panel({ tools, again, extra = [] }) {
  const status = make("p.gs-quiet.gs-take-said", { role: "status" });
  const alert = make("p.gs-error", { role: "alert" });
  const setStatus = (words) => {
    alert.textContent = "";
    status.textContent = words;
  };
  const failed = (error) => {
    setStatus("");
    alert.textContent = error.message;
  };
  const buttons = tools.map(([label, hint, work]) =>
    make("button", { hint, onclick: (event) => use(event.currentTarget, work) }, label)
  );

  async function use(button, work) {
    button.disabled = true;
    try {
      setStatus("");
      await work(setStatus);
    } catch (error) {
      failed(error);
    }
    button.disabled = false;
  }

  const python = codeBox("In Python", setStatus), command = codeBox("On the command line", setStatus, "gs-code-line");
  let resting = 0;
  const refreshing = turns();
  async function refresh() {
    const isNewest = refreshing();
    try {
      const lines = await again();
      if (!isNewest()) return;
      python.set(lines.python);
      command.set(lines.command);
      needs.textContent = lines.needs;
      alert.textContent = "";
    } catch (error) {
      if (isNewest()) failed(error);
    }
  }
  const row = make("div.gs-row", ...buttons);
  function update() {
    clearTimeout(resting);
    if (row.closest("details")?.open) resting = setTimeout(refresh, REST_MS);
  }
  const heading = make("h4", "Code that reproduces this"), needs = make("p.gs-quiet");
  const children = [row, status, alert, heading, needs, python.element, command.element, ...extra];
  return { children, show: refresh, update, buttons };
}

// Code with a button that copies it, or selects it where copying is not allowed.
function codeBox(title, setStatus, form = "") {
  const code = make("code"), lines = make("pre", { tabIndex: 0, role: "group", "aria-label": title }, code);
  async function copy() {
    if (await copyText(code.textContent)) return setStatus("Copied.");
    getSelection().selectAllChildren(code);
    setStatus("Selected: copy it with Ctrl+C.");
  }
  const button = make("button", { "aria-label": `Copy: ${title}`, onclick: copy }, "Copy");
  const element = make(
    "div",
    { className: `gs-code ${form}` },
    make("div.gs-code-head", make("span.gs-quiet", title), button),
    lines,
  );
  return { element, set: (text) => code.textContent = text.trimEnd() };
}

// Start a job with a progress message and save its one file.
async function fetchFile(path, options, words, setStatus) {
  setStatus(words);
  const work = job(path, options);
  const done = await work.result;
  const [name] = Object.keys(done.files);
  saveAs(await (await fetchRoute(work.file(name))).blob(), name);
  setStatus(`${name} is saved.`);
}

const POST = { method: "POST" };
const exported = (model, format, words) => (setStatus) =>
  fetchFile(`export?${query({ model: model(), format })}`, POST, words, setStatus);

/** The tools for a model: model() names it. @param {() => string} model @returns {Tool[]} */
const modelTools = (model) => {
  const zip = exported(model, "folder", "Packing the model…"), onnx = exported(model, "onnx", "Writing ONNX…");
  return [
    ["Model as zip", "Save the model as a zip: weights, settings and a model card", zip],
    ["ONNX", "Save the generator as an ONNX file", onnx],
  ];
};

/** What reproduces a picture, a walk or a report. @param {any} description the body of the route `again`
 * @returns {Promise<{python: string, command: string, needs: string}>} */
export const linesFor = async (description) =>
  (await fetchRoute("again", { method: "POST", body: JSON.stringify(description) })).json();

// The form that puts a model on the Hub. The token is sent once, in a request's body, and cleared.
function pushForm(model) {
  const field = (label, input) => make("label.gs-push-field", make("span.gs-name", label), input);
  const to = make("input", { type: "text", placeholder: "your-name/model", autocomplete: "off", spellcheck: false });
  const token = make("input", {
    type: "password",
    placeholder: "hf_…",
    autocomplete: "new-password",
    spellcheck: false,
  });
  const open = make("input", { type: "checkbox" });
  const status = make("p.gs-quiet", { role: "status" }),
    alert = make("p.gs-error", { role: "alert" });
  const send = make("button", { type: "submit" }, "Push");

  async function push(event) {
    event.preventDefault();
    const body = JSON.stringify({ model: model(), to: to.value, token: token.value, private: !open.checked });
    token.value = "";
    alert.textContent = "";
    status.textContent = "Sending…";
    send.disabled = true;
    try {
      const done = await job("push", { method: "POST", body }).result;
      const safe = /^https?:\/\//.test(done.address);
      status.replaceChildren(
        "Uploaded to ",
        safe ? make("a", { href: done.address, target: "_blank", rel: "noopener" }, done.address) : done.address,
      );
    } catch (error) {
      status.textContent = "";
      alert.textContent = error.message;
    }
    send.disabled = false;
  }

  return make(
    "details.gs-push",
    make("summary", "Push to the Hugging Face Hub"),
    make(
      "form",
      { onsubmit: push, autocomplete: "off" },
      make(
        "p.gs-quiet",
        "Weights, settings and a model card go into a repository of yours. The token needs write access; " +
          "it is used once and not stored, and this field is cleared.",
      ),
      field("Repository", to),
      field("Token", token),
      field("Public", open),
      send,
      status,
      alert,
    ),
  );
}

/**
 * The panel of one picture.
 * @param {() => {model: string, seed: number | null, truncation: number, moves: any, numbers: any,
 *   class_name: string, z: Float32Array, size: number}} now `seed` is null if no seed is where the picture began;
 *   `moves` are amounts by set and name, `class_name` is "" for that of z
 * @param {() => void} save
 */
export function ofPicture(now, save) {
  const again = () => {
    const { model, seed, truncation, moves, numbers, class_name, z, size } = now();
    const key = seed === null ? { key: exactText(z) } : { key: seed, truncation, moves, numbers, class_name };
    return linesFor({ kind: "picture", model, ...key, scale: Math.max(1, Math.floor(512 / size)) });
  };
  /** @type {Tool} */
  const picture = ["Picture", "Save the picture as a PNG file", () => Promise.resolve(save())];
  return panel({ tools: [picture, ...modelTools(() => now().model)], again });
}

/** The panel of a walk.
 * @param {() => {model: string, keys: any[], zs: Float32Array[], settings: any, class_name: string, size: number}} now
 *   `zs` are those of the class `class_name`, `keys` those before
 * @param {(format: string, name: string) => Promise<void>} save saves the result of the route `walk` */
export function ofWalk(now, save) {
  const film = (setStatus) => {
    const { model, settings, zs } = now();
    const body = new Float32Array(zs.flatMap((z) => [...z]));
    const path = `walk/film?${query({ model, ...settings, format: "mp4" })}`;
    return fetchFile(path, { ...POST, body }, "Making the video…", setStatus);
  };
  const again = () => {
    const { model, keys, settings, class_name, size } = now();
    const named = keys.map((key) => key.seed ?? exactText(key.z)), scale = Math.max(1, Math.floor(256 / size));
    return linesFor({ kind: "walk", model, keys: named, ...settings, class_name, scale });
  };
  /** @type {Tool[]} */
  const tools = [
    ["GIF", "Save the walk as an animation", () => save("gif", "walk.gif")],
    ["MP4", "Save the walk as a video, for players and slides", film],
    ["Strip", "Save all frames side by side as a PNG file", () => save("strip", "walk.png")],
    ...modelTools(() => now().model),
  ];
  return panel({ tools, again });
}

/** The panel of a run. @param {() => string} id of the run that is shown @param {() => boolean} hasWeights */
export function ofRun(id, hasWeights) {
  const model = () => `run:${id()}`;
  const film = (format) => (setStatus) =>
    fetchFile(`runs/${id()}/film?${query({ format })}`, POST, "Making the video…", setStatus);
  const record = async () => saveAs(await (await fetchRoute(`runs/${id()}/run.json`)).blob(), `ganscope-${id()}.json`);
  /** @type {Tool[]} */
  const tools = [
    ["History as MP4", "Save the run's history as a video", film("mp4")],
    ["History as GIF", "Save the run's history as an animation", film("gif")],
    ["Run as JSON", "Save the run's settings and all its numbers as JSON", record],
    ...modelTools(model),
  ];
  const again = async () => (await fetchRoute(`runs/${id()}/again`)).json();
  const push = pushForm(model), made = panel({ tools, again, extra: [push] });
  // Buttons that need weights are hidden until there are some.
  function showTools() {
    for (const each of [...made.buttons.slice(3), push]) each.hidden = !hasWeights();
  }
  showTools();
  return { ...made, showTools };
}
