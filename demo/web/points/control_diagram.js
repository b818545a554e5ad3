// Points: the session as a diagram that is also its control panel.
import { ACTIVATIONS, LOSSES, NOISES, OPTIMISERS } from "../core/constants.js";
import { make } from "../core/dom.js";
import { mark } from "../core/line_chart.js";
import { number } from "../core/numbers.js";
import * as paint from "./plane_canvas.js";

const USUAL_LOSS = "nonsaturating";
const VIEW = 76; // CSS pixels: a small view in a box
const COUNTS = [1, 2, 3, 4, 5, 6, 8], WIDTHS = [4, 8, 16, 32, 48, 64, 128];
const RATES = ["0.0001", "0.0003", "0.001", "0.002", "0.003", "0.005", "0.01", "0.03", "0.1"];
const WORDS = {
  "0.0001": "1e-4",
  "0.0003": "3e-4",
  nonsaturating: "NS",
  wasserstein: "WGAN",
  relativistic: "RpGAN",
  lsgan: "LS",
  leaky_relu: "leaky",
  relu: "ReLU",
  gaussian: "Gauss",
  adam: "Adam",
  rmsprop: "RMS",
};

// [choice, label, values or kind, title]
const FIELDS = {
  noise: [
    ["z_dim", "Size", [1, 2, 3, 4, 8, 16, 64], "How many random numbers make a dot"],
    ["noise", "Drawn", NOISES, "How they are drawn"],
    ["seed", "Seed", "integer", "Same seed, same beginning"],
  ],
  generator: [
    ["depth", "Layers", COUNTS, "Hidden layers of the generator"],
    ["width", "Neurons", WIDTHS, "In each of its layers"],
    ["activation", "Activation", ACTIVATIONS, "Activation of both networks"],
    ["g_lr", "Rate", RATES, "Learning rate of the generator"],
    ["g_steps", "Updates", [1, 2, 3, 4, 5], "Of the generator in a step"],
    [
      "ema_images",
      "Average",
      [0, 2000, 20000, 100000],
      "What is shown: G's average over so many dots of training; 0: G itself",
    ],
  ],
  discriminator: [
    ["d_depth", "Layers", COUNTS, "Hidden layers of the discriminator"],
    ["d_width", "Neurons", WIDTHS, "In each of its layers"],
    ["d_lr", "Rate", RATES, "Learning rate of the discriminator"],
    ["n_critic", "Updates", [1, 2, 3, 4, 5], "Of the discriminator in a step"],
  ],
  losses: [
    [
      "loss",
      "Loss",
      [USUAL_LOSS, ...LOSSES.filter((name) => name !== USUAL_LOSS)],
      "Loss of both networks",
    ],
    ["optimiser", "Optimiser", OPTIMISERS, "How gradients become steps"],
    ["batch", "Batch", [16, 32, 64, 128, 256, 512], "Dots in one update"],
    ["steps", "Plan", [1000, 2000, 5000, 10000, 20000, 50000], "Steps in all: learning rates fall towards its end"],
  ],
};

// The small views: which layers each shows.
const VIEWS = {
  generator: { layers: new Set(["manifold"]), label: "The noise's grid, warped by the generator" },
  fakes: { layers: new Set(["fake"]), label: "Fakes: where the noise lands" },
  reals: { layers: new Set(["real"]), label: "Real samples" },
  discriminator: {
    layers: new Set(["surface"]),
    label: "Output of the discriminator at each place: green real, purple fake",
  },
  losses: { layers: new Set(["fake", "pulls"]), label: "Gradients: the direction in which each fake looks more real" },
};

/**
 * The diagram. Returns {element, offer(methods), update(session), paint(scene), dim(part or null)}.
 * @param {object} options
 * @param {(name: string, value: any) => void} options.choose a setting was changed
 * @param {(index: number | null) => void} options.pick a noise dot was pointed at
 */
export function controlDiagram({ choose, pick }) {
  const controls = {}, views = {}, boxes = {};
  const facts = Object.fromEntries(
    ["fakes", "reals", "discriminator", "losses"].map((name) => [name, make("p.gs-box-fact")]),
  );
  // For keyboards and touch screens: a slider over the same dots.
  const dot = make("input", {
    type: "range",
    min: 0,
    max: 1,
    value: 0,
    "aria-label": "Follow one dot",
    title: "Follow one dot",
    oninput: () => pick(Number(dot.value)),
  });
  let about = null;

  function control([name, label, kind, title]) {
    const input = kind === "integer"
      ? make("input", {
        type: "number",
        min: 0,
        step: 1,
        title,
        onchange: () => choose(name, input.value === "" ? null : Number(input.value)),
      })
      : make("select", { title, onchange: () => choose(name, typed(input.value)) });
    input.setAttribute("aria-label", `${label}: ${title}`);
    if (Array.isArray(kind)) fill(input, kind);
    controls[name] = { input, kind };
    return make("label", { className: `gs-box-field gs-field-${name}`, title }, make("span", label), input);
  }

  function fill(select, values) {
    select.replaceChildren(...values.map((value) => make("option", { value: String(value) }, wordOf(value))));
  }

  function view(name, label) {
    views[name] = make("canvas.gs-picture.gs-box-view", { role: "img", "aria-label": label });
    return views[name];
  }

  function box(name, shape, title, ...inside) {
    boxes[name] = make(
      "section",
      { className: `gs-box gs-box-${name}`, "aria-label": title },
      make("h3", shape ? mark(shape) : "", title),
      ...inside,
    );
    return boxes[name];
  }

  const fields = (name) => make("div.gs-box-fields", ...FIELDS[name].map(control));
  const beside = (...children) => make("div.gs-box-body", ...children);
  const arrow = (place, text, label, actor) =>
    make(
      "div",
      { className: `gs-arrow gs-arrow-${place}`, title: label, style: `--actor: var(--gs-${actor})` },
      make("span", { "aria-hidden": "true" }, text),
      make("small", label),
    );

  view("noise", "Noise: point at a dot to see where it lands");
  const element = make(
    "div.gs-board",
    box("noise", "", "Noise", beside(views.noise, fields("noise"))),
    arrow("z", "→", "z", "generator"),
    box(
      "generator",
      "triangle",
      "Generator",
      beside(view("generator", VIEWS.generator.label), fields("generator")),
    ),
    arrow("fake", "→", "G(z)", "fake"),
    box(
      "fakes",
      "diamond",
      "Fakes",
      beside(view("fakes", VIEWS.fakes.label), facts.fakes),
      make("label.gs-box-field.gs-field-dot", make("span", "Follow"), dot),
    ),
    arrow("back", "↑", "gradient", "gradient"),
    arrow("judge", "↙", "judged", "fake"),
    box(
      "losses",
      "",
      "Losses & gradients",
      control(["method", "Method", "method", "How G and D are trained: see Train for what each changes"]),
      beside(view("losses", VIEWS.losses.label), fields("losses")),
      facts.losses,
    ),
    arrow("loss", "←", "D(·)", "discriminator"),
    box(
      "discriminator",
      "square",
      "Discriminator",
      beside(view("discriminator", VIEWS.discriminator.label), fields("discriminator")),
      facts.discriminator,
    ),
    arrow("real", "←", "x", "real"),
    box("reals", "circle", "Reals", beside(view("reals", VIEWS.reals.label), facts.reals)),
  );

  function pickAt(event) {
    if (!about) return;
    const bounds = views.noise.getBoundingClientRect();
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
    const places = paint.noisePlaces(about, bounds.width);
    const gap = ([left, top]) => Math.hypot(left - x, top - y);
    pick(places.reduce((best, spot, i) => (gap(spot) < gap(places[best]) ? i : best), 0));
  }
  views.noise.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") pickAt(event);
  });
  views.noise.addEventListener("pointerdown", pickAt);
  views.noise.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") pick(null);
  });

  function offer(groups) {
    const { input } = controls.method;
    input.replaceChildren(
      ...groups.map(({ group, methods }) =>
        make(
          "optgroup",
          { label: group },
          ...methods.map(({ name, title, summary }) => make("option", { value: name, title: summary }, title)),
        )
      ),
    );
  }

  // Shows the settings in force, also values that the menus do not offer.
  function update(session) {
    about = session.about;
    dot.max = String(about.z.length / about.chosen.z_dim - 1);
    const shown = {
      ...about.chosen,
      ...session.settings,
      d_depth: about.chosen.d_depth,
      seed: session.settings.seed ?? 0,
    };
    for (const [name, { input, kind }] of Object.entries(controls)) {
      const value = name === "method" ? session.settings.method : shown[name];
      if (Array.isArray(kind) && !kind.map(String).includes(String(value))) {
        fill(
          input,
          typeof value === "number" || !Number.isNaN(Number(value))
            ? [...kind, value].sort((a, b) => a - b)
            : [...kind, value],
        );
      }
      input.value = String(value);
    }
    facts.reals.textContent = `${(about.real.length / 2).toLocaleString("en")} of ${
      about.count.toLocaleString("en")
    } shown.`;
  }

  function paintAll({ frame, palette, picked }) {
    for (const [name, canvas] of Object.entries(views)) {
      paint.fit(canvas, canvas.clientWidth || VIEW);
      if (name === "noise") paint.paintNoise(canvas, { about, palette, picked });
      else paint.paint(canvas, { about, frame, palette, layers: VIEWS[name].layers, bare: true });
    }
    const share = (value) => (Number.isFinite(value) ? value.toFixed(2) : "–");
    if (picked !== null) dot.value = picked;
    dot.setAttribute("aria-valuetext", picked === null ? "none" : landed(frame, picked));
    facts.fakes.textContent = picked === null
      ? "Point at a dot of the noise: where does it land?"
      : landed(frame, picked);
    facts.discriminator.textContent = `D(real) ${share(frame.d_real)} · D(fake) ${share(frame.d_fake)}`;
    facts.losses.textContent = `D ${number(frame.d_loss ?? NaN)} · G ${number(frame.g_loss ?? NaN)}`;
  }

  // A dot described in words.
  function landed(frame, index) {
    const { z, chosen } = about, from = z.slice(index * chosen.z_dim, index * chosen.z_dim + Math.min(chosen.z_dim, 2));
    const more = (values) => (values === from && chosen.z_dim > 2 ? ", …" : "");
    const pair = (values) => `(${[...values].map((value) => value.toFixed(2)).join(", ")}${more(values)})`;
    const at = frame.fakes.slice(2 * index, 2 * index + 2), pull = frame.pulls.slice(2 * index, 2 * index + 2);
    return `z = ${pair(from)} lands at ${pair(at)}. ${judged(frame.scores[index])} Its gradient: ${towards(pull)}.`;
  }

  // A critic gives no probability: its scores are centred between real and fake (gan/playground/session.py).
  const judged = (score) =>
    about.critic ? `D's score is ${score.toFixed(2)}: 0 fake, 1 real.` : `D says ${Math.round(100 * score)} % real.`;

  function dim(parts) {
    element.classList.toggle("gs-dimmed", Boolean(parts));
    for (const [name, each] of Object.entries(boxes)) each.classList.toggle("gs-lit", Boolean(parts?.includes(name)));
  }

  return { element, offer, update, paint: paintAll, dim };
}

function towards([dx, dy]) {
  if (!(Math.hypot(dx, dy) > 1e-6)) return "none, it stays";
  const sideways = Math.abs(dx) > 0.3 * Math.abs(dy) ? (dx > 0 ? "right" : "left") : "";
  const upwards = Math.abs(dy) > 0.3 * Math.abs(dx) ? (dy > 0 ? "up" : "down") : "";
  return `go ${[sideways, upwards].filter(Boolean).join(" and ")}, strength ${number(Math.hypot(dx, dy), 2)}`;
}

// A box has room for five characters.
const wordOf = (value) => WORDS[value] ?? (value >= 1000 ? `${value / 1000}k` : String(value));
const typed = (text) => (text === "" || Number.isNaN(Number(text)) ? text : Number(text));
