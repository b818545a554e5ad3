// Find: files and pictures that are dropped, pasted or chosen, and how thorough the search is.
import { MAX_TARGET_BYTES } from "../core/constants.js";

const TOO_LARGE = new Error(`This picture is larger than ${MAX_TARGET_BYTES / 1e6} MB: save it smaller.`);
const PRESETS = { quick: { steps: 80, starts: 2 }, thorough: { steps: 300, starts: 16 } };

/** A file reaches take(file); one that is too large reaches failed(error).
 * @param {HTMLElement} root of the tab: pictures may be dropped anywhere on it */
export function takeFiles(root, view, take, failed) {
  function offer(file) {
    if (!file) return;
    if (file.size > MAX_TARGET_BYTES) failed(TOO_LARGE);
    else take(file);
  }
  root.addEventListener("dragover", (event) => {
    event.preventDefault();
    root.dataset.over = "";
  });
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(/** @type {Node} */ (event.relatedTarget))) delete root.dataset.over;
  });
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    delete root.dataset.over;
    offer(event.dataTransfer.files[0]);
  });
  // Only while the tab is open.
  document.addEventListener("paste", (event) => {
    if (root.offsetParent && event.clipboardData?.files.length) offer(event.clipboardData.files[0]);
  });
  view.file.onchange = () => {
    offer(view.file.files[0]);
    view.file.value = "";
  };
  view.drop.onclick = view.choose.onclick = () => view.file.click();
}

/** The two presets, and the three numbers that they stand for. Returns {values(), valid()}: {steps, starts, seed}, and
 * whether each is allowed; what is wrong with one stands beside it. */
export function effortOf(view) {
  function choose(name) {
    for (const [field, value] of Object.entries(PRESETS[name])) {
      view.numbers[field].value = value;
      view.numberErrors[field].say("");
    }
    show();
  }

  function show() {
    for (const [name, made] of Object.entries(view.thorough)) {
      const chosen = Object.entries(PRESETS[name]).every(([field, value]) =>
        view.numbers[field].valueAsNumber === value
      );
      /** @type {HTMLElement} */ (made).setAttribute("aria-pressed", String(chosen));
    }
  }

  for (const name of Object.keys(PRESETS)) view.thorough[name].onclick = () => choose(name);
  function valid() {
    const bad = Object.entries(view.numbers).filter(([, field]) => !field.value || !field.checkValidity());
    for (const [name, field] of bad) {
      const rule = `${name} must be a whole number from ${field.min} to ${Number(field.max).toLocaleString("en")}.`;
      view.numberErrors[name].say(rule);
    }
    if (!bad.length) return true;
    view.numberFields.open = true;
    bad[0][1].focus();
    return false;
  }

  for (const field of Object.values(view.numbers)) /** @type {HTMLElement} */ (field).oninput = show;
  view.numbers.seed.value = 0;
  choose("quick");
  const values = () => Object.fromEntries(Object.entries(view.numbers).map(([name, field]) => [name, field.value]));
  return { values, valid };
}
