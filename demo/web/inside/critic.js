// Inside's critic: what the discriminator says of the picture, of a real one and of the visitor's own; which places it
// says so for, and what its units see on the way to the logit.
import { lazy, make, paint } from "../core/dom.js";
import { latestRequest } from "../core/latest_request.js";
import { number } from "../core/numbers.js";
import { criticOfDrawing, criticOfFile } from "./requests.js";

const SHEET = 258; // width of the sheet that is drawn on, in CSS pixels

/** @param {object} options
 * @param {() => void} options.ask for what it says of the picture
 * @param {() => void} options.another real picture
 * @param {() => {model: string | null, info: any}} options.now what Inside shows */
export function criticOf({ ask, another, now }) {
  const begin = make("button", { onclick: open }, "Ask the discriminator");
  const other = make("button", { hint: "Show it another real picture", onclick: another }, "Another real one");
  const file = make("input", { type: "file", accept: "image/*", hidden: true });
  const choose = make(
    "button",
    { hint: "Show it a picture of yours", onclick: () => file.click() },
    "A picture of mine …",
  );
  file.onchange = () => {
    const [chosen] = file.files ?? [];
    file.value = "";
    if (chosen) askOwn(() => criticOfFile(now().model, chosen));
  };
  const draw = make("button", { hint: "Draw a picture: it is judged after each stroke", onclick: toggle }, "Draw one");
  draw.setAttribute("aria-pressed", "false");
  const paper = make("div.gs-critic-paper", { hidden: true });
  const buttons = make("div.gs-row", { hidden: true }, other, choose, draw, file);
  const error = make("p.gs-error", { role: "alert" }), waiting = make("p.gs-quiet.gs-hint", { role: "status" });
  const fake = column("This picture", true), real = column("A real picture"), mine = column("My picture", true);
  const asked = make("p.gs-quiet", "A discriminator that knows classes is asked for the one that it finds most real.");
  mine.element.append(asked);
  mine.said.before(paper); // above what is said of it: nothing moves under the pen
  const columns = make("div.gs-critic", { hidden: true }, fake.element, real.element, mine.element);
  const hint = make(
    "p.gs-quiet.gs-hint",
    { hidden: true },
    make(
      "span",
      "Orange speaks for real, blue for fake. Left: what each pixel adds to the logit, compared with grey " +
        "(integrated gradients). Right: how far the logit falls when a square is hidden.",
    ),
    " ",
    make(
      "span",
      "Below: the most active units of each layer, down to 4×4. " +
        "The logit is a weighted sum of the last layer's units.",
    ),
  );
  let opened = false, odds = true, pad = null;
  const judge = latestRequest((work) => work(), (said) => {
    waiting.textContent = "";
    mine.element.hidden = mine.said.hidden = asked.hidden = false;
    mine.show(said, odds);
  }, (failure) => {
    waiting.textContent = "";
    error.textContent = failure.message;
  }, 1);

  function open() {
    opened = true;
    begin.disabled = true;
    ask();
  }

  function askOwn(/** @type {() => Promise<any>} */ work) {
    error.textContent = "";
    waiting.textContent = "Asking the discriminator …";
    judge(work);
  }

  async function toggle() {
    showPaper(Boolean(paper.hidden));
    if (paper.hidden || pad) return;
    try {
      const { sketchPad } = await lazy(() => import("../sketch/sketch_pad.js"));
      pad ??= sketchPad(askDrawing);
      paper.replaceChildren(pad.element, pad.tools);
      openPad();
    } catch (failure) {
      showPaper(false);
      error.textContent = failure.message;
    }
  }

  function openPad() {
    pad.open(now().info.channels === 1);
    pad.fit(Math.min(SHEET, paper.clientWidth));
    paper.scrollIntoView({ block: "nearest" });
  }

  function askDrawing() {
    if (pad.empty()) return;
    const { model, info } = now(), drawing = pad.picture(info.size);
    askOwn(() => criticOfDrawing(model, drawing, info.channels));
  }

  function showPaper(/** @type {boolean} */ on) {
    paper.hidden = !on;
    mine.element.hidden = !on && Boolean(mine.said.hidden);
    draw.setAttribute("aria-pressed", String(on));
    if (on && pad) openPad();
  }

  function hide() {
    judge.forget(); // what is asked of another model is not shown
    mine.said.hidden = asked.hidden = true;
    showPaper(false);
    columns.hidden = hint.hidden = buttons.hidden = true;
    begin.disabled = begin.hidden = opened = false;
    waiting.textContent = "";
  }
  hide();

  return {
    children: [begin, error, columns, hint, buttons, waiting],
    isOpen: () => opened,
    /** Nothing is known of another model. */
    close() {
      error.textContent = "";
      hide();
    },
    failed(/** @type {Error} */ failure) {
      hide();
      error.textContent = failure.message;
    },
    /** @param {{fake: any, real: any, odds: boolean}} said */
    show(said) {
      odds = said.odds;
      error.textContent = "";
      begin.hidden = true;
      fake.show(said.fake, odds);
      real.element.hidden = other.hidden = !said.real;
      if (said.real) real.show(said.real, odds);
      columns.hidden = hint.hidden = buttons.hidden = false;
    },
  };
}

function column(title, said = false) {
  const canvases = ["picture", "adds", "hides"].map(() =>
    make("canvas", { width: 64, height: 64, "aria-hidden": "true" })
  );
  const words = make("p.gs-critic-words", { role: said ? "status" : "note" }), layers = make("div.gs-critic-layers");
  const spoken = make("div", make("div.gs-critic-maps", ...canvases), words, layers);
  return {
    element: make("div", make("h4", title), spoken),
    said: spoken,
    // `odds`: the logit is the logarithm of odds, as the loss of training has it.
    show({ image, adds, hides, logit, grey, missing, steps, stages }, odds) {
      [image, adds, hides].forEach((each, i) => paint(canvases[i], each));
      const sure = 1 / (1 + Math.exp(-logit));
      words.textContent = odds
        ? `Logit ${number(logit, 2)}: ${Math.round(100 * sure)} % real.`
        : `Output of D: ${number(logit, 2)}.`;
      words.title = `Grey has ${number(grey, 2)}. The pixels add up to the difference, but for ${
        number(100 * missing, 2)
      } % of it, in ${steps} steps.`;
      layers.replaceChildren(...stages.map(layerOf));
    },
  };
}

function layerOf({ side, units, shown, images }) {
  const maps = images.map((image, i) => {
    const canvas = make("canvas", { width: side, height: side, title: `Unit ${shown[i]}` });
    paint(canvas, image);
    return canvas;
  });
  return make(
    "div.gs-critic-layer",
    make("span.gs-quiet", `${side}×${side}, ${units} units`),
    make("div", { "aria-hidden": "true" }, ...maps),
  );
}
