// "Take it away": one folded place in a tab for files, for what makes the same again, and for the Hub.
import { ask, query } from "../core/api.js";
import { copyText, make, saveAs } from "../core/dom.js";
import { job } from "../core/jobs.js";
import { exactText } from "../core/latent_text.js";

/** @typedef {[label: string, hint: string, work: (say: (words: string) => void) => Promise<any>]} Tool */

const REST_MS = 250; // what is on the page must stand so long before its lines are asked for

/**
 * A panel's content. Returns {children, show(), update(), buttons}; update() says that something else is on the page.
 * @param {object} given
 * @param {Tool[]} given.tools label, hint, work
 * @param {() => Promise<{python: string, command: string}>} given.again
 * @param {HTMLElement[]} [given.extra] below
 */
function panel({ tools, again, extra = [] }) {
  const said = make("p.gs-quiet.gs-take-said", { role: "status" });
  const wrong = make("p.gs-error", { role: "alert" });
  const say = (words) => {
    wrong.textContent = "";
    said.textContent = words;
  };
  const failed = (error) => {
    said.textContent = "";
    wrong.textContent = error.message;
  };
  const buttons = tools.map(([label, hint, work]) => {
    const button = make("button", { hint, onclick: () => use(button, work) }, label);
    return button;
  });

  async function use(button, work) {
    button.disabled = true;
    try {
      say("");
      await work(say);
    } catch (error) {
      failed(error);
    }
    button.disabled = false;
  }

  const python = codeBox("In Python", say), command = codeBox("On the command line", say, "gs-code-line");
  let resting = 0, turn = 0;
  async function refresh() {
    const mine = ++turn;
    try {
      const lines = await again();
      if (mine !== turn) return;
      python.set(lines.python);
      command.set(lines.command);
      wrong.textContent = "";
    } catch (error) {
      if (mine === turn) failed(error);
    }
  }
  const row = make("div.gs-row", ...buttons);
  function update() {
    clearTimeout(resting);
    if (row.closest("details")?.open) resting = setTimeout(refresh, REST_MS);
  }
  const heading = make("h4", "The same again");
  const children = [row, said, wrong, heading, python.element, command.element, ...extra];
  return { children, show: refresh, update, buttons };
}

// Lines to copy. Where the browser allows no copying, they are selected.
function codeBox(title, say, form = "") {
  const code = make("code"), lines = make("pre", { tabIndex: 0, "aria-label": title }, code);
  async function copy() {
    if (await copyText(code.textContent)) return say("Copied.");
    getSelection().selectAllChildren(code);
    say("Selected: copy it with Ctrl+C.");
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

// Start a job, say what is being done, and save its one file.
async function fetchFile(path, options, words, say) {
  say(words);
  const work = job(path, options);
  const done = await work.result;
  const [name] = Object.keys(done.files);
  saveAs(await (await ask(work.file(name))).blob(), name);
  say(`${name} is saved.`);
}

const POST = { method: "POST" };
const exported = (model, format, words) => (say) =>
  fetchFile(`export?${query({ model: model(), format })}`, POST, words, say);

/** The tools for a model: model() names it. @param {() => string} model @returns {Tool[]} */
const modelTools = (model) => {
  const zip = exported(model, "folder", "Packing the model…"), onnx = exported(model, "onnx", "Writing ONNX…");
  return [
    ["Model as zip", "Save the model as a zip: weights, settings and a model card", zip],
    ["ONNX", "Save the generator as an ONNX file", onnx],
  ];
};

const linesFor = async (description) =>
  (await ask("again", { method: "POST", body: JSON.stringify(description) })).json();

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
  const said = make("p.gs-quiet", { role: "status" }),
    wrong = make("p.gs-error", { role: "alert" });
  const send = make("button", { type: "submit" }, "Push");

  async function push(event) {
    event.preventDefault();
    const body = JSON.stringify({ model: model(), to: to.value, token: token.value, private: !open.checked });
    token.value = "";
    wrong.textContent = "";
    said.textContent = "Sending…";
    send.disabled = true;
    try {
      const done = await job("push", { method: "POST", body }).result;
      const safe = /^https?:\/\//.test(done.address);
      said.replaceChildren(
        "There: ",
        safe ? make("a", { href: done.address, target: "_blank", rel: "noopener" }, done.address) : done.address,
      );
    } catch (error) {
      said.textContent = "";
      wrong.textContent = error.message;
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
        "Weights, settings and a model card go into a repository of yours. The token needs the right to write; " +
          "it is used once, kept nowhere, and this field is cleared.",
      ),
      field("Repository", to),
      field("Token", token),
      field("Public", open),
      send,
      said,
      wrong,
    ),
  );
}

/**
 * The panel of one picture.
 * @param {() => {model: string, seed: number | null, truncation: number, z: Float32Array, size: number}} now
 *   `seed` is null where a seed alone does not give the picture
 * @param {() => void} save
 */
export function ofPicture(now, save) {
  const again = () => {
    const { model, seed, truncation, z, size } = now();
    const key = seed === null ? { key: exactText(z) } : { key: seed, truncation };
    return linesFor({ kind: "picture", model, ...key, scale: Math.max(1, Math.floor(512 / size)) });
  };
  /** @type {Tool} */
  const picture = ["Picture", "Save the picture as a PNG file", () => Promise.resolve(save())];
  return panel({ tools: [picture, ...modelTools(() => now().model)], again });
}

/** The panel of a walk.
 * @param {() => {model: string, keys: any[], zs: Float32Array[], settings: any, size: number}} now
 * @param {(format: string, name: string) => Promise<void>} save what the quick route makes */
export function ofWalk(now, save) {
  const film = (say) => {
    const { model, settings, zs } = now();
    const body = new Float32Array(zs.flatMap((z) => [...z]));
    const path = `walk/film?${query({ model, ...settings, format: "mp4" })}`;
    return fetchFile(path, { ...POST, body }, "Making the film…", say);
  };
  const again = () => {
    const { model, keys, settings, size } = now();
    const named = keys.map((key) => key.seed ?? exactText(key.z));
    return linesFor({ kind: "walk", model, keys: named, ...settings, scale: Math.max(1, Math.floor(256 / size)) });
  };
  /** @type {Tool[]} */
  const tools = [
    ["GIF", "Save the walk as an animation", () => save("gif", "walk.gif")],
    ["MP4", "Save the walk as a film, for players and slides", film],
    ["Strip", "Save all frames side by side as a PNG file", () => save("strip", "walk.png")],
    ...modelTools(() => now().model),
  ];
  return panel({ tools, again });
}

/** The panel of a run. @param {() => string} id of the run that is shown @param {() => boolean} hasWeights */
export function ofRun(id, hasWeights) {
  const model = () => `run:${id()}`;
  const film = (format) => (say) => fetchFile(`runs/${id()}/film?${query({ format })}`, POST, "Making the film…", say);
  const record = async () => saveAs(await (await ask(`runs/${id()}/run.json`)).blob(), `ganscope-${id()}.json`);
  /** @type {Tool[]} */
  const tools = [
    ["History as MP4", "Save the run's history as a film", film("mp4")],
    ["History as GIF", "Save the run's history as an animation", film("gif")],
    ["Run as JSON", "Save the run's settings and all its numbers as JSON", record],
    ...modelTools(model),
  ];
  const again = async () => (await ask(`runs/${id()}/again`)).json();
  const push = pushForm(model), made = panel({ tools, again, extra: [push] });
  // What needs weights waits for them.
  function showTools() {
    for (const each of [...made.buttons.slice(3), push]) each.hidden = !hasWeights();
  }
  showTools();
  return { ...made, showTools };
}
