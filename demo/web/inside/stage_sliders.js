// Inside's sliders for the latent of each stage that takes z again: towards a seed, and along directions.
import { REACH } from "../core/constants.js";
import { fieldError, fillFromMiddle, make, range } from "../core/dom.js";
import { isSeed, randomSeed, SEED_RULE, signed, typedNumber } from "../core/numbers.js";
import { amountOf, isMoved, SEED, seedOf, withoutStage, withStage } from "./stage_latents.js";

const USUAL_SEED = 42;

/** @param {object} options
 * @param {() => any} options.now Inside's state
 * @param {(edits: import("./edits.js").Edits, done: boolean) => void} options.change `done`: the slider was let go */
export function stageSliders({ now, change }) {
  let stage = 1, set = "", model = null;
  let seeds = {}; // that stages go towards, also where their share is 0
  const stages = make("div.gs-row.gs-sets", { role: "group", "aria-label": "Stage" });
  const sets = make("div.gs-row.gs-sets", { role: "group", "aria-label": "Set of directions" });
  const seed = make("input", { type: "number", min: 0, step: 1, "aria-label": "Seed of this stage" });
  const wrong = fieldError(seed), dice = make("button", { hint: "Random seed for this stage" }, "Random");
  const share = range("How much of this seed", 0, 1, { step: 0.05 });
  const shareText = make("span.gs-value", { "aria-hidden": "true" });
  const grid = make("div.gs-stage-directions"), rows = [];
  const clear = make("button", { hint: "Have this stage draw by the picture's own latent again" }, "As it was");

  const edited = () => now().edits.stages;
  function put(which, name, amount, done) {
    const { edits } = now();
    change({ ...edits, stages: withStage(edits.stages, stage, which, name, amount) }, done);
  }

  function row() {
    const slider = range("", -REACH, REACH, { step: 0.05, value: 0, className: "gs-centred" });
    const name = make("span.gs-name"), text = make("span.gs-value", { "aria-hidden": "true" });
    const made = { element: make("div.gs-slider", name, slider, text), slider, name, text, direction: "" };
    slider.oninput = () => put(set, made.direction, slider.valueAsNumber, false);
    slider.onchange = () => put(set, made.direction, slider.valueAsNumber, true);
    rows.push(made);
    grid.append(made.element);
  }

  function towards(chosen, amount, done) {
    wrong.say("");
    seeds = { ...seeds, [stage]: chosen };
    put(SEED, String(chosen), amount, done);
  }
  const shown = () => seedOf(edited(), stage)?.seed ?? seeds[stage] ?? USUAL_SEED;
  seed.onchange = () => {
    const typed = typedNumber(seed);
    if (isSeed(typed)) towards(typed, share.valueAsNumber || 1, true);
    else wrong.say(SEED_RULE);
  };
  dice.onclick = () => towards(randomSeed(), share.valueAsNumber || 1, true);
  share.oninput = () => towards(shown(), share.valueAsNumber, false);
  share.onchange = () => towards(shown(), share.valueAsNumber, true);
  clear.onclick = () => {
    const { edits } = now();
    change({ ...edits, stages: withoutStage(edits.stages, stage) }, true);
  };

  const offered = () => now().info.sets.filter(({ directions }) => directions);

  // Other buttons only for another model, so that the keyboard stays where it is.
  function open() {
    const { entrances: names } = now();
    model = now().model;
    stage = Math.min(stage, names.length);
    seeds = {};
    set = offered().some(({ key }) => key === set) ? set : offered()[0].key;
    stages.replaceChildren(...names.map((name, i) => chip(name, () => stage = i + 1)));
    sets.replaceChildren(...offered().map(({ key, title }) => chip(title, () => set = key)));
    sets.hidden = offered().length < 2;
  }

  const chip = (text, choose) =>
    make("button", {
      onclick() {
        choose();
        show();
      },
    }, text);

  function show() {
    const { info, entrances: names } = now();
    if (!info || !names.length) return;
    if (model !== now().model) open();
    const moves = edited(), to = seedOf(moves, stage);
    [...stages.children].forEach((button, i) => {
      button.setAttribute("aria-pressed", String(i + 1 === stage));
      button.classList.toggle("gs-moved", isMoved(moves, i + 1));
    });
    [...sets.children].forEach((button, i) => button.setAttribute("aria-pressed", String(offered()[i].key === set)));
    if (document.activeElement !== seed) seed.value = String(shown());
    share.value = String(to?.share ?? 0);
    shareText.textContent = (to?.share ?? 0).toFixed(2);
    clear.disabled = !isMoved(moves, stage);
    const directions = offered().find(({ key }) => key === set).directions.filter(({ former }) => !former);
    while (rows.length < directions.length) row();
    rows.forEach((each, k) => {
      const direction = directions[k];
      each.element.hidden = !direction;
      if (!direction) return;
      each.direction = direction.name;
      each.name.textContent = /^\d+$/.test(direction.name) ? `Direction ${direction.name}` : direction.name;
      each.slider.setAttribute("aria-label", each.name.textContent);
      const amount = amountOf(moves, stage, set, direction.name);
      each.slider.value = String(amount);
      fillFromMiddle(each.slider);
      each.text.textContent = signed(amount);
    });
  }

  return {
    children: [
      make(
        "p.gs-quiet.gs-hint",
        "This network takes z again after its first layer. Here a stage draws by another latent, while all else stays.",
      ),
      make("div.gs-row", make("span.gs-name", { "aria-hidden": "true" }, "Stage"), stages, clear),
      make("div.gs-row.gs-seed", make("span.gs-name", "Towards seed"), seed, dice),
      wrong.element,
      make("div.gs-slider.gs-stage-share", make("span.gs-name", "How much of it"), share, shareText),
      sets,
      grid,
    ],
    show,
  };
}
