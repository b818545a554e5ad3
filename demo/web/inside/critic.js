// Inside's critic: what the discriminator says of the picture and of a real one, and which places it says so for.
import { make, paint } from "../core/dom.js";
import { number } from "../core/numbers.js";

/** @param {object} options
 * @param {() => void} options.ask for what it says of the picture
 * @param {() => void} options.another real picture */
export function criticOf({ ask, another }) {
  const begin = make("button", { onclick: open }, "Ask the discriminator");
  const other = make(
    "button",
    { hint: "Show it another real picture", onclick: another, hidden: true },
    "Another real one",
  );
  const error = make("p.gs-error", { role: "alert" });
  const fake = column("This picture", true), real = column("A real picture", false);
  const columns = make("div.gs-critic", { hidden: true }, fake.element, real.element);
  const hint = make(
    "p.gs-quiet.gs-hint",
    { hidden: true },
    "Orange speaks for real, blue for fake. Left: what each pixel adds to the logit, compared with grey (integrated " +
      "gradients). Right: how far the logit falls when a square is hidden.",
  );
  let opened = false;

  function open() {
    opened = true;
    begin.disabled = true;
    ask();
  }

  return {
    children: [begin, error, columns, hint, other],
    isOpen: () => opened,
    /** Nothing is known of another model. */
    close() {
      opened = begin.disabled = begin.hidden = false;
      error.textContent = "";
      columns.hidden = hint.hidden = other.hidden = true;
    },
    failed(/** @type {Error} */ failure) {
      begin.disabled = begin.hidden = opened = false;
      columns.hidden = hint.hidden = other.hidden = true;
      error.textContent = failure.message;
    },
    /** @param {{fake: any, real: any, odds: boolean}} said */
    show({ fake: ours, real: theirs, odds }) {
      error.textContent = "";
      begin.hidden = true;
      fake.show(ours, odds);
      real.element.hidden = other.hidden = !theirs;
      if (theirs) real.show(theirs, odds);
      columns.hidden = hint.hidden = false;
    },
  };
}

function column(title, ours) {
  const canvases = ["picture", "adds", "hides"].map(() =>
    make("canvas", { width: 64, height: 64, "aria-hidden": "true" })
  );
  const words = make("p.gs-critic-words", { role: ours ? "status" : "note" });
  const element = make("div", make("h4", title), make("div.gs-critic-maps", ...canvases), words);
  return {
    element,
    // `odds`: the logit is the logarithm of odds, as the loss of training has it.
    show({ image, adds, hides, logit, grey, missing, steps }, odds) {
      [image, adds, hides].forEach((each, i) => paint(canvases[i], each));
      const sure = 1 / (1 + Math.exp(-logit));
      words.textContent = odds
        ? `Logit ${number(logit, 2)}: ${Math.round(100 * sure)} % real.`
        : `Output of D: ${number(logit, 2)}.`;
      words.title = `Grey has ${number(grey, 2)}. The pixels add up to the difference, but for ${
        number(100 * missing, 2)
      } % of it, in ${steps} steps.`;
    },
  };
}
