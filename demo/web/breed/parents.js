// Breed's head: the parents or the sum, and the controls for the offspring.
import { paint } from "../core/dom.js";
import { fitFactor } from "../core/enlarge.js";

const FACE = 128;

/** Uses Breed's state and elements, and its choice of a class; individual(id) looks one up. */
export function parentsOf({ state, view, choice, individual, history }) {
  function showControls() {
    const { now } = state, sum = individual(now.parents[0]).kind === "sum";
    view.breeding.setAttribute("aria-pressed", !sum);
    view.summing.setAttribute("aria-pressed", sum);
    view.sum.hidden = !sum;
    view.seedRow.hidden = sum;
    choice.set(now.classIndex ?? null);
    view.percent.value = now.percent;
    view.percentText.textContent = (now.percent / 100).toFixed(2);
    view.percent.setAttribute("aria-valuetext", `${view.percentText.textContent}, from 0 for twins to 1 for strangers`);
    view.back.disabled = !history().canUndo();
    view.forth.disabled = !history().canRedo();
    view.seed.value = individual(now.parents[0]).seed ?? "";
  }

  function showParents() {
    const [first, second] = state.now.parents.map(individual), sum = first.kind === "sum";
    showParent(view.parent, first, sum ? "Sum" : "Parent");
    view.other.element.hidden = !second;
    view.mix.hidden = sum || Boolean(second);
    view.couple.querySelector(".gs-sign").hidden = !second;
    if (second) showParent(view.other, second, "Second parent");
  }

  function showParent(part, one, name) {
    part.element.querySelector(".gs-name").textContent = name;
    part.label.textContent = one.label;
    part.canvas.setAttribute("aria-label", `${name}: ${one.label}`);
    if (one.image) paint(part.canvas, one.image);
    fitFactor(part.canvas, state.info.size, FACE);
  }

  return { showControls, showParents };
}
