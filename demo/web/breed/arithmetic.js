// Breed's sums: three groups of pictures, each averaged, A - B + C (gan/latent/breeding.py: combine).
import { clearing, make, onEnter } from "../core/dom.js";
import { readSeeds, SEEDS_RULE } from "../core/numbers.js";
import { draggable, droppable, portrait } from "./grid.js";

const FACE = 40;
const MAX_COUNT = 60; // pictures in a sum; the server takes 64
// Chosen by eye: with these seeds the sum shows a clear effect.
const FIRST = {
  faces: {
    groups: [[17, 28, 38, 39, 53, 77], [13, 6, 10, 18, 19, 2], [98]],
    words: "Here: sunglasses, minus none, plus a face without.",
  },
  digits: {
    groups: [[7, 61, 73, 76, 98, 122], [39, 45, 71, 80, 96, 125], [63]],
    words: "Here: thick strokes, minus thin ones, plus a thin two; another digit in C often becomes a different one.",
  },
};
const PLAIN = { groups: [[1, 2, 3], [4, 5, 6], [7]], words: "These seeds are only a beginning: choose your own." };
const HONEST = "Several pictures in A and in B work best: a single one brings along all else that it shows, " +
  "and what the generator ties together stays together.";

/** Around Breed's state, elements and functions. @param {Record<string, any>} breed */
export function sumsOf({ state, view, individual, seeded, fill, go, notify, failed }) {
  const anew = clearing(view.error);
  const first = () => FIRST[state.model] ?? PLAIN;
  const groups = () => individual(state.now.parents[0]).groups;

  function show() {
    view.lesson.textContent = `What A has and B lacks is added to C. ${first().words} ${HONEST}`;
    view.slots.forEach((slot, i) => slot.faces.replaceChildren(...groups()[i].map((id) => face(i, individual(id)))));
  }

  function face(i, one) {
    const hint = `Take ${one.label} out`;
    const without = () => groups().map((group, k) => (k === i ? group.filter((id) => id !== one.id) : group));
    const onclick = anew(() => sumUp(without()));
    const button = make("button", { hint, onclick }, portrait(one, FACE));
    draggable(button, () => one);
    return button;
  }

  function sumUp(wanted) {
    if (wanted.some((group) => !group.length)) return notify("Each of A, B and C needs a picture: add another first.");
    if (wanted.flat().length > MAX_COUNT) return notify(`At most ${MAX_COUNT} pictures go into a sum.`);
    const error = view.error.textContent; // one that came while pictures were loading stays
    go({ parents: [state.family.individual({ kind: "sum", groups: wanted }).id], offspringSeed: 0 }, error);
  }

  const put = anew(async (i, individuals) => {
    const { family } = state;
    try {
      await fill(individuals);
      if (family !== state.family) return; // another model was opened meanwhile
      const added = individuals.map((one) => one.id);
      sumUp(groups().map((group, k) => (k === i ? [...new Set([...group, ...added])] : group)));
    } catch (error) {
      failed(error);
    }
  });

  function putSeeds(i, field) {
    const seeds = readSeeds(field.value);
    if (!seeds) return failed(new Error(SEEDS_RULE));
    field.value = "";
    put(i, seeds.map(seeded));
  }

  // The last sum shown; at first, the example.
  const open = anew(async () => {
    const last = state.history.newestFirst().find(({ parents }) => individual(parents[0]).kind === "sum");
    if (last) return go(last);
    const individuals = first().groups.map((seeds) => seeds.map(seeded)), { family } = state;
    try {
      await fill(individuals.flat());
      if (family !== state.family) return;
      sumUp(individuals.map((group) => group.map((one) => one.id)));
    } catch (error) {
      failed(error);
    }
  });

  view.slots.forEach((slot, i) => {
    onEnter(slot.seeds, () => putSeeds(i, slot.seeds));
    droppable(slot.element, (one) => put(i, [one]));
  });
  return { show, put, open };
}
