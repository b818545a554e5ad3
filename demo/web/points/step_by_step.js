// Points: one step in slow motion, part by part, with everything else dimmed.
import { number } from "../core/numbers.js";

const PART_MS = 4000;
const share = (value) => (value === null || value === undefined ? "–" : value.toFixed(2));

// Each: the boxes that are lit, the layers that are seen, which of the three moments, and the words.
/** @type {{boxes: string[], layers: string[], moment: number, words: (moments: any[]) => string}[]} */
export const PARTS = [
  {
    boxes: ["noise"],
    layers: ["noise"],
    moment: 0,
    words: () =>
      "1 · Noise. Random numbers z: in training new ones each time, here always the same, so that a dot can be " +
      "followed.",
  },
  {
    boxes: ["generator", "fakes"],
    layers: ["manifold", "fake"],
    moment: 0,
    words: () => "2 · Generator. It moves every z to a place in the plane: these are the fakes.",
  },
  {
    boxes: ["reals", "fakes", "discriminator"],
    layers: ["surface", "real", "fake"],
    moment: 0,
    words: () => "3 · Discriminator. It scores each place: green real, purple fake.",
  },
  {
    boxes: ["discriminator", "losses"],
    layers: ["surface", "real", "fake"],
    moment: 1,
    words: ([, d]) =>
      `4 · D learns. Its loss is ${number(d.d_loss ?? NaN)}: it now says ${share(d.d_real)} of reals and ${
        share(d.d_fake)
      } of fakes. Its surface has moved a little.`,
  },
  {
    boxes: ["losses", "fakes"],
    layers: ["surface", "fake", "pulls"],
    moment: 1,
    words: () =>
      "5 · Gradients. Backpropagated through D, they show in which direction each fake looks more real: the arrows.",
  },
  {
    boxes: ["generator", "fakes"],
    layers: ["trails", "fake", "manifold"],
    moment: 2,
    words: ([, , g]) =>
      `6 · G learns. Its loss is ${
        number(g.g_loss ?? NaN)
      }: its weights change a little, and all fakes move. That was step ${g.step.toLocaleString("en")}.`,
  },
];

// Each frame gets the last known losses and outputs of D.
const filled = (moments) =>
  moments.reduce((all, frame) => {
    const known = Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== null));
    return [...all, { ...all.at(-1), ...known }];
  }, []);

/** The parts of one step: {boxes, layers, frame, before, words}. @param {any[]} answer its three moments */
export function partsOf(answer) {
  const moments = filled(answer);
  return PARTS.map((part) => ({
    ...part,
    frame: moments[part.moment],
    before: moments[0],
    words: part.words(moments),
  }));
}

/**
 * Returns {toggle(), on(), stop(), next(), hold(), held()}.
 * @param {object} options
 * @param {() => Promise<any[] | null>} options.step the three moments of one step
 * @param {(part: any) => void} options.show {boxes, layers, frame, before, words}, or null
 * @param {() => void} options.changed
 */
export function stepByStep({ step, show, changed }) {
  let turn = 0, on = false, holding = false;
  /** @type {(value?: unknown) => void} */
  let goOn = () => {};

  // Until its time is over, or held, or the user continues.
  const shown = () =>
    new Promise((done) => {
      goOn = done;
      const tick = () => (holding ? setTimeout(tick, 100) : done(undefined));
      setTimeout(tick, PART_MS);
    });

  async function run() {
    const mine = ++turn;
    while (on && mine === turn) {
      const answer = await step();
      if (!answer) return stop();
      for (const part of partsOf(answer)) {
        if (!on || mine !== turn) return;
        show(part);
        await shown();
      }
    }
  }

  function stop() {
    if (!on) return;
    on = holding = false;
    turn++;
    show(null);
    changed();
  }

  function toggle() {
    if (on) return stop();
    on = true;
    changed();
    run();
  }

  function hold() {
    holding = !holding;
    changed();
  }

  return { toggle, stop, hold, on: () => on, held: () => holding, next: () => goOn() };
}
