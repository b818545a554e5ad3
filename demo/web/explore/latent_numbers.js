// Explore's latent numbers: every single one, with a slider each, a page at a time. Loaded when it is first opened.
import { fillFromMiddle, make, range } from "../core/dom.js";
import { signed } from "../core/numbers.js";

const PAGE = 16; // numbers shown at once

/** Uses Explore's state and picture; compose() gives the latent vector. Returns {children, show()}. */
export function latentNumbers({ state, summary, compose, picture }) {
  const numbers = Array.from({ length: PAGE }, latentNumber), pageText = make("span.gs-quiet");
  let page = 0;
  const pages = () => Math.ceil(state.info.z_dim / PAGE);

  function show() {
    if (!summary.parentElement.open || !state.info) return;
    const z = compose();
    page = Math.min(page, pages() - 1);
    pageText.textContent = `page ${page + 1} of ${pages()}`;
    summary.textContent = `All ${z.length} latent numbers`;
    numbers.forEach((row, offset) => {
      const index = row.index = page * PAGE + offset;
      row.row.hidden = index >= z.length;
      if (row.row.hidden) return;
      row.name.textContent = `z${index}`;
      row.slider.setAttribute("aria-label", `z${index}, latent number ${index}`);
      row.slider.value = z[index];
      fillFromMiddle(row.slider);
      row.text.textContent = signed(z[index]);
    });
  }

  function turnPage(by) {
    page = (page + by + pages()) % pages();
    show();
  }

  function latentNumber() {
    const slider = range("", -4, 4, { step: 0.05, value: 0, className: "gs-centred" });
    const name = make("span"), text = make("span.gs-value", { "aria-hidden": "true" });
    /** @type {any} */
    const made = { row: make("label.gs-number", name, slider, text), slider, name, text, index: 0 };
    const line = picture.axisOf(slider, (value) => ({ edits: { ...state.edits, [made.index]: value } }));
    slider.oninput = () => {
      state.edits[made.index] = line.value(line.place());
      text.textContent = signed(state.edits[made.index]);
      fillFromMiddle(slider);
      picture.follow(line);
    };
    slider.onchange = picture.letGo;
    return made;
  }

  const turner = (text, hint, by) => make("button", { hint, onclick: () => turnPage(by) }, text);
  const grid = make("div.gs-number-grid", ...numbers.map((each) => each.row));
  const turning = [turner("◀", "Previous page", -1), pageText, turner("▶", "Next page", 1)];
  return { children: [grid, make("div.gs-row", ...turning)], show };
}
