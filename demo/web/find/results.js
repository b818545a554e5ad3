// Find: what the search has found so far: pictures, the falling error, and both in words.
import { make, paint } from "../core/dom.js";
import { chart } from "../core/line_chart.js";
import { differenceOf, imageOf, mseText, percent, wordsFor } from "./pixel_metrics.js";

const BEFORE = -1; // the step of the random picture
const FAR = 0.015; // mse above which the page says that the generator has not learned such pictures

/** Uses Find's state and elements. `state.looks` are the steps of the search, `state.at` the index shown. */
export function resultsOf({ state, view }) {
  const curve = chart({
    title: "Falling mse",
    axis: "step",
    log: true,
    series: [{ name: "mse", column: "mse", actor: "gradient", shape: "circle" }],
    format: (_, value) => mseText(value),
    hover: (point) => showLook(point === null ? state.at : lookAt(point)),
    pick: (point) => {
      state.at = lookAt(point);
      showLook(state.at);
    },
  });
  view.chart.append(curve.element);

  // Clear the results: the picture or the generator has changed.
  function forget(steps) {
    state.looks = [];
    state.at = -1;
    for (const each of [view.error, view.verdict, view.reads, view.yardstick, view.status]) each.textContent = "";
    view.film.forEach(({ button }, i) => {
      button.disabled = true;
      button.setAttribute("aria-label", `Picture ${i + 1} of the search: not there yet`);
    });
    curve.update({ columns: { step: [], mse: [] }, span: steps || 1 });
  }

  // A random picture, to which the search compares: it comes before the first step.
  function addRandom({ random, size }) {
    state.looks = [{ ...random, size, step: BEFORE, image: imageOf(random.picture, { size }) }];
    state.at = 0;
    const [{ button, picture }] = view.film, title = "A random picture, before the search";
    button.disabled = false;
    button.title = title;
    button.setAttribute("aria-label", title);
    button.onclick = () => {
      state.at = 0;
      showLook(0);
    };
    paint(picture, state.looks[0].image);
    showLook(0);
  }

  // Add a step of the search; returns whether it is new.
  function add(latest) {
    if (state.looks.at(-1)?.step === latest.step) return false;
    state.looks.push({ ...latest, image: imageOf(latest.picture, latest) });
    return true;
  }

  function showNewest() {
    if (!(state.looks.at(-1)?.step > BEFORE)) return;
    state.at = state.looks.length - 1;
    const { curve: points, step, steps } = state.looks[state.at];
    curve.update({ columns: { step: points.map(([at]) => at), mse: points.map(([, value]) => value) }, span: steps });
    view.status.textContent = `Step ${step} of ${steps}`;
    showFilm(steps);
    showLook(state.at);
  }

  // Moments spread evenly over the steps, in their order.
  function showFilm(steps) {
    const newest = state.looks.at(-1).step;
    const rest = view.film.slice(1); // the first is the random picture
    rest.forEach((each, i) => {
      const due = (i * steps) / (rest.length - 1);
      each.button.disabled = newest < due;
      if (newest < due) return;
      const index = state.looks.findIndex(({ step }) => step >= due), { step, image } = state.looks[index];
      each.button.title = `Step ${step}`;
      each.button.setAttribute("aria-label", `The search at step ${step}`);
      each.button.onclick = () => {
        state.at = index;
        showLook(index);
      };
      paint(each.picture, image);
    });
  }

  // The curve has every step, but pictures exist only for those that were polled: the nearest one.
  function lookAt(point) {
    const [step] = state.looks.at(-1).curve[point];
    const off = state.looks.map((look) => (look.step === BEFORE ? Infinity : Math.abs(look.step - step)));
    return off.indexOf(Math.min(...off));
  }

  function showLook(index) {
    const shown = state.looks[index];
    if (!shown) return;
    paint(view.found, shown.image);
    paint(view.difference, differenceOf(state.target, shown.image));
    const random = shown.step === BEFORE, when = random ? "a random one" : `step ${shown.step}`;
    view.found.setAttribute("aria-label", `Picture found, ${when}, mse ${mseText(shown.mse)}`);
    const points = state.looks.at(-1).curve ?? [], point = points.findIndex(([step]) => step === shown.step);
    curve.cursor(point < 0 || point === points.length - 1 ? null : point);
    describe(shown);
    if (random) view.verdict.firstChild.textContent = `mse ${mseText(shown.mse)}: a random picture, before the search`;
  }

  function describe({ mse, step, steps, reads }) {
    const off = make(
      "small",
      `Pixels differ by ${percent(Math.sqrt(mse))} of the way from black to white (root mean square).`,
    );
    view.verdict.replaceChildren(`mse ${mseText(mse)}: ${wordsFor(mse)}`, off);
    if (step === steps && mse > FAR) {
      off.append(
        " A generator can only draw what it has learned: of anything else it gives the nearest that it knows.",
      );
    }
    if (step === steps && mse > state.flat) {
      off.append(" A flat square of the target picture's mean colour would be nearer.");
    }
    const read = ([digit, chance]) => `${digit} (${percent(chance)})`;
    view.reads.textContent = reads ? `Digit classifier: target ${read(reads.given)}, found ${read(reads.found)}` : "";
  }

  forget();
  return { forget, addRandom, add, showNewest };
}
