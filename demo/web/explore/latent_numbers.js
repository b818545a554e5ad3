// Explore's latent numbers: every single one, with a slider each, a page at a time.
import { signed } from "./direction_sets.js";

/** Around Explore's state, its elements and its picture; compose() gives the latent vector. */
export function latentNumbers({ state, view, compose, picture }) {
  const { numbers } = view;
  let page = 0;
  const pages = () => Math.ceil(state.info.z_dim / numbers.length);

  function show() {
    if (!view.details.open || !state.info) return;
    const z = compose();
    page = Math.min(page, pages() - 1);
    view.pageText.textContent = `page ${page + 1} of ${pages()}`;
    view.summary.textContent = `All ${z.length} latent numbers`;
    numbers.forEach((row, offset) => {
      const index = row.index = page * numbers.length + offset;
      row.row.hidden = index >= z.length;
      if (row.row.hidden) return;
      row.name.textContent = `z${index}`;
      row.slider.setAttribute("aria-label", `Latent number ${index}`);
      row.slider.value = z[index];
      row.text.textContent = signed(z[index]);
    });
  }

  function turnPage(by) {
    page = (page + by + pages()) % pages();
    show();
  }

  numbers.forEach((row) => {
    const line = picture.axisOf(row.slider, (value) => ({ edits: { ...state.edits, [row.index]: value } }));
    row.slider.oninput = () => {
      state.edits[row.index] = line.value(line.place());
      row.text.textContent = signed(state.edits[row.index]);
      picture.follow(line);
    };
    row.slider.onchange = picture.letGo;
  });
  view.details.ontoggle = show;
  view.previous.onclick = () => turnPage(-1);
  view.next.onclick = () => turnPage(1);
  return { show };
}
