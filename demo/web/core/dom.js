// Small helpers around elements, canvases and files.
import { MAX_SEED } from "./constants.js";
import { fitFactor, resample, SMOOTH_FROM } from "./enlarge.js";
import { isSeed, randomSeed, SEED_RULE, typedNumber } from "./numbers.js";

/** make("button.primary", { title, onclick }, child, "text") creates <button type="button" class="primary">. Names with
 * a hyphen, `role` and `for` are set as attributes, others as properties; `hint` is the title, and in the aria-label.
 * @template {keyof HTMLElementTagNameMap} Tag @param {Tag | `${Tag}.${string}`} selector
 * @param {...(Record<string, any> | Node | string)} values and children; the values may be left out
 * @returns {HTMLElementTagNameMap[Tag]} */
export function make(selector, ...values) {
  const [tag, ...classes] = selector.split("."), element = /** @type {any} */ (document.createElement(tag));
  if (classes.length) element.className = classes.join(" ");
  if (tag === "button") element.type = "button";
  if (values[0]?.constructor === Object) {
    for (const [name, value] of Object.entries(values.shift())) {
      if (name === "hint") {
        element.title = value;
        const text = values.filter((part) => typeof part === "string").join("");
        element.setAttribute("aria-label", nameWith(text, value));
      } else if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
      else element[name] = value;
    }
  }
  element.append(...values);
  return element;
}

/** A name for assistive technology that contains the visible text, so that who speaks it reaches the control
 * (WCAG 2.5.3). A sign such as ◀ is no text. @param {string} text @param {string} hint */
export const nameWith = (text, hint) =>
  !/\p{L}/u.test(text) || hint.toLowerCase().includes(text.toLowerCase()) ? hint : `${text}: ${hint}`;

/** A term of art: pressed, focused or pointed at, it is explained (terms.js has the words).
 * @param {string} key @param {string} text */
export const term = (key, text) =>
  make("button.gs-term", { "data-term": key, "aria-describedby": `gs-term-${key}` }, text);

let counted = 0; // elements that others refer to by an id

/** The place beside a field for what is wrong with it. say(words) shows them and marks the field; say(""), or a change
 * of the field, takes both away. @param {HTMLElement} field */
export function fieldError(field) {
  const element = make("p.gs-error.gs-field-error", { role: "alert", hidden: true, id: `gs-error-${++counted}` });
  function say(/** @type {string} */ words) {
    element.textContent = words;
    element.hidden = !words;
    if (words) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", element.id);
    } else for (const name of ["aria-invalid", "aria-describedby"]) field.removeAttribute(name);
  }
  field.addEventListener("input", () => say(""));
  return { element, say };
}

/** A button that only the keyboard reaches: it leads past what follows.
 * @param {string} text @param {() => void} onclick */
export const skipButton = (text, onclick) => make("button.gs-skip", { onclick }, text);

/** A menu. @param {string} label for screen readers @param {[value: string, text: string][]} options */
export const select = (label, options) =>
  make("select", { "aria-label": label }, ...options.map(([value, text]) => make("option", { value }, text)));

/** A slider. @param {string} label @param {number} min @param {number} max @param {Record<string, any>} [values] */
export const range = (label, min, max, values = {}) =>
  make("input", { type: "range", min, max, "aria-label": label, ...values });

/** Have a slider from − to + (class gs-centred) fill from its middle: call it after each change of the value. It sets
 * one variable of this slider alone, so that a drag restyles nothing else. @param {HTMLInputElement} slider */
export function fillFromMiddle(slider) {
  const low = Number(slider.min), at = (slider.valueAsNumber - low) / (Number(slider.max) - low);
  slider.style.setProperty("--gs-at", String(at));
}

/** button(name, text, hint) makes a button, which is known as view[name]; its hint is its name for screen readers.
 * @param {Record<string, any>} view */
export const toolButtons = (view) => (name, text, hint, className = "") => {
  view[name] = make("button", { hint, className }, text);
  return view[name];
};

/** Save a file through the browser. @param {Blob} blob @param {string} name */
export function saveAs(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Save a canvas as a PNG file. @param {HTMLCanvasElement} canvas @param {string} name */
export const savePng = (canvas, name) => canvas.toBlob((blob) => saveAs(blob, name));

/** Copy a text; false where the browser does not allow it (plain http on another machine). @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Show the messages of errors in an element. @param {HTMLElement} element */
export const errorsIn = (element) => (/** @type {Error} */ error) => void (element.textContent = error.message);

/** A user's action clears the previous error; late answers do not. @param {Element} element the error's */
export const clearing = (element) => (/** @type {(...args: any[]) => any} */ act) => (/** @type {any[]} */ ...args) => {
  element.textContent = "";
  return act(...args);
};

/** Call back at Enter in a text field. @param {HTMLElement} field @param {() => void} act */
export const onEnter = (field, act) => field.addEventListener("keydown", ({ key }) => key === "Enter" && act());

/** Load a module when it is first used: lazy(() => import("…")).
 * @template Module @param {() => Promise<Module>} load */
export async function lazy(load) {
  try {
    return await load();
  } catch (error) {
    console.error(error);
    throw new Error("This part of the page did not load. Check the connection, then reload the page.");
  }
}

/** A folded part of a tab whose content is loaded when it is first opened: build() promises {children, show()}, and
 * show() is called each time it is opened. Returns {element, summary, part()}: `part()` is null until then.
 * @template {{children: (Node | string)[], show: () => void}} Part @param {string} className @param {string} title
 * @param {() => Promise<Part>} build */
export function folded(className, title, build) {
  /** @type {Part | null} */
  let part = null;
  /** @type {Promise<Part> | null} */
  let loading = null;
  const summary = make("summary", title), error = make("p.gs-error", { role: "alert" });
  async function open() {
    if (!element.open) return;
    error.remove();
    try {
      loading ??= lazy(build);
      if (!part) {
        part = await loading;
        element.append(...part.children);
      }
      part.show();
    } catch (failure) {
      loading = null;
      error.textContent = failure.message;
      element.append(error);
    }
  }
  const element = make("details", { className, ontoggle: open }, summary);
  return { element, summary, part: () => part };
}

/** What a drop carries, for uploads/upload.js: it must be taken before anything is awaited.
 * @param {DataTransfer} transfer */
export const dropOf = (transfer) => ({
  entries: [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean),
  files: [...transfer.files],
});

/** A function that shows a text in `element` for some seconds, or until another takes its place.
 * @param {HTMLElement} element @param {number} [ms] */
export function notifier(element, ms = 4000) {
  let shown = 0;
  return (/** @type {string} */ text) => {
    clearTimeout(shown);
    element.textContent = text;
    shown = setTimeout(() => void (element.textContent = ""), ms);
  };
}

/** @param {HTMLCanvasElement} canvas takes the picture's size @param {ImageData} image */
export function paint(canvas, image) {
  if (canvas.width !== image.width || canvas.height !== image.height) {
    canvas.width = image.width;
    canvas.height = image.height;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  resample(canvas);
}

/** A row to choose a seed in, known as view.seed, seedError (to be put below it), before, after and dice.
 * @param {Record<string, any>} view @param {...HTMLElement} more buttons */
export function seedRow(view, ...more) {
  const button = toolButtons(view);
  view.seed = make("input", { type: "number", min: 0, max: MAX_SEED, step: 1, "aria-label": "Seed" });
  view.seedError = fieldError(view.seed);
  return make(
    "div.gs-row.gs-seed",
    make("span.gs-name", term("seed", "Seed")),
    view.seed,
    button("before", "◀", "Previous seed"),
    button("after", "▶", "Next seed"),
    button("dice", "Random", "Random seed"),
    ...more,
  );
}

/** Have that row choose seeds. @param {Record<string, any>} view
 * @param {() => number} wanted the seed that is shown, or on its way
 * @param {(seed: number) => void} goTo */
export function onSeed(view, wanted, goTo) {
  view.seed.onchange = () => {
    const seed = typedNumber(view.seed);
    if (isSeed(seed)) goTo(seed);
    else view.seedError.say(SEED_RULE);
  };
  view.before.onclick = () => goTo(Math.max(0, wanted() - 1));
  view.after.onclick = () => goTo(Math.min(MAX_SEED, wanted() + 1));
  view.dice.onclick = () => goTo(randomSeed());
}

const BORDER = 1; // of a picture, in CSS pixels

/** Fit a picture into `box`, `most` CSS pixels wide at most (`fitFactor`). Before its size is known it has its place.
 * @param {HTMLCanvasElement} canvas @param {HTMLElement} box @param {number | undefined} side of the source, in pixels
 * @param {number} most */
export const fitWhole = (canvas, box, side, most) =>
  fitFactor(canvas, side ?? SMOOTH_FROM, Math.min(box.clientWidth - 2 * BORDER, most));

/** Keep a picture in sight while what is beside it, or on a narrow page below it, is used: as wide as its frame,
 * `most` pixels at most, and no higher than a share of the window. Returns what to call when its size is another.
 * @param {HTMLCanvasElement} canvas @param {HTMLElement} frame @param {() => number | undefined} side of the source
 * @param {number} most @param {number} narrow the share of the window where the page is narrow */
export function keepInSight(canvas, frame, side, most, narrow) {
  const fit = () => {
    const high = window.innerHeight * (window.innerWidth > 860 ? 0.9 : narrow);
    fitWhole(canvas, frame, side(), Math.min(most, high));
  };
  fit();
  new ResizeObserver(fit).observe(frame);
  addEventListener("resize", fit); // of its height alone
  return fit;
}

/** A copy at the largest whole factor that is at most `side` pixels wide.
 * @param {HTMLCanvasElement | ImageBitmap} canvas @param {number} side */
export function enlarged(canvas, side) {
  const scale = Math.max(1, Math.floor(side / canvas.width));
  const large = make("canvas", { width: canvas.width * scale, height: canvas.height * scale });
  const context = large.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, 0, 0, large.width, large.height);
  return large;
}
