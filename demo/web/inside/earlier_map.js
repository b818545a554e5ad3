// Inside's second map: the same seeds as the run's generator drew them after fewer steps. So one sees its space unfold.
import { make, select } from "../core/dom.js";
import { turns } from "../core/latest_request.js";
import { whole } from "../core/numbers.js";
import { mapCanvas } from "./map_canvas.js";
import { requestMap } from "./map_request.js";

const nothing = () => {};

/** @param {object} options
 * @param {(seed: number) => void} options.choose show the picture of a seed
 * @param {() => void} options.opened it is there now, or gone, or another one is asked for */
export function earlierMap({ choose, opened }) {
  const steps = select("The map after fewer steps", []);
  const chooser = make("label.gs-row.gs-earlier-steps", { hidden: true }, "Beside it:", steps);
  const status = make("p.gs-quiet.gs-hint", { role: "status" }), error = make("p.gs-error", { role: "alert" });
  const title = make("h4");
  const figure = make("figure.gs-map-figure", { hidden: true }, title);
  const begun = turns();
  /** @type {ReturnType<typeof mapCanvas> | null} */
  let map = null;
  let run = "", seed = -1, leave = () => {};
  steps.onchange = load;

  async function load() {
    const isNewest = begun(), step = steps.value;
    leave();
    status.textContent = error.textContent = "";
    if (!step) return show(false);
    opened();
    const said = (words) => isNewest() && status.replaceChildren(...words);
    try {
      said([make("span", "Opening the map …")]);
      const asked = requestMap(`${run}@${step}`, said);
      leave = asked.leave;
      const { map: found, sheet } = await asked.result;
      if (!isNewest()) return;
      title.textContent = `After ${whole(Number(step))} steps`;
      show(true);
      if (!map) {
        map = mapCanvas({ choose, drawn: nothing, pointed: nothing, moved: nothing, most: 0 });
        figure.append(map.element);
      }
      // Real pictures would hide what it draws; they lie on the other map.
      map.open({ ...found, x: found.x.slice(0, found.fakes), y: found.y.slice(0, found.fakes) }, sheet);
      map.mark(seed < found.fakes ? seed : -1);
      said([]);
    } catch (failure) {
      if (!isNewest()) return;
      status.textContent = "";
      error.textContent = failure.message;
    }
  }

  function show(/** @type {boolean} */ on) {
    figure.hidden = !on;
    opened();
  }

  return {
    chooser,
    figure,
    words: [status, error],
    shown: () => !figure.hidden,
    /** After which step it is asked for, 0 for none. */
    step: () => Number(steps.value),
    /** Another model's map is shown: its name, and after which steps its generator was kept.
     * @param {string} model @param {number[]} kept @param {number} step after which it is shown, 0 for none */
    open(model, kept, step) {
      begun();
      leave();
      run = model;
      status.textContent = error.textContent = "";
      const later = kept.map((step) => make("option", { value: String(step) }, `after ${whole(step)} steps`));
      steps.replaceChildren(make("option", { value: "" }, "nothing"), ...later);
      chooser.hidden = !kept.length;
      show(false);
      if (!kept.includes(step)) return;
      steps.value = String(step);
      load();
    },
    /** @param {number} index of the picture that is shown elsewhere, -1 for none */
    mark(index) {
      seed = index;
      map?.mark(index);
    },
  };
}
