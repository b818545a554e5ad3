// Inside's strip: each layer's guess of the picture; played, or one of them chosen.
import { make, paint } from "../core/dom.js";
import { number, whole } from "../core/numbers.js";

const PLAY_MS = 700;

/** @typedef {{parameters: number, multiply_adds: number, time: number}} Cost */

const amount = (/** @type {number} */ count) => count < 1e5 ? whole(count) : `${number(count / 1e6, 2)} M`;
const costText = (/** @type {Cost} */ { parameters, multiply_adds, time }) =>
  `${amount(parameters)} weights · ${amount(multiply_adds)} multiply-adds · ${Math.round(100 * time)} % of the time`;

/** @param {object} options
 * @param {(layer: number) => void} options.choose
 * @param {(image: ImageData | null) => void} options.screen show a stage large; null: the picture again */
export function stagesOf({ choose, screen }) {
  const strip = make("div.gs-inside-layers", { role: "group", "aria-label": "Layers" });
  const play = make("button", { title: "Play how the picture is built" }, "▶ Play");
  const costs = make("p.gs-quiet.gs-inside-costs");
  let guesses = [], chosen = 0, playing = 0, layers = [], last = null;

  function stop() {
    clearTimeout(playing);
    playing = 0;
    play.textContent = "▶ Play";
    strip.querySelectorAll(".gs-inside-layer-playing").forEach((card) =>
      card.classList.remove("gs-inside-layer-playing")
    );
    screen(null);
  }

  function step(at) {
    if (at >= guesses.length) return stop();
    screen(guesses[at]);
    [...strip.children].forEach((card, i) => card.classList.toggle("gs-inside-layer-playing", i === at));
    playing = setTimeout(step, PLAY_MS, at + 1);
  }

  play.onclick = () => {
    if (playing) return stop();
    play.textContent = "■ Stop";
    step(0);
  };

  function mark() {
    [...strip.children].forEach((card, i) => card.setAttribute("aria-pressed", String(i === chosen)));
    const { side } = layers[chosen];
    costs.replaceChildren(
      make("span", `${side}×${side}: ${costText(layers[chosen])}`),
      make("span", `From the last layer to the picture: ${costText(last)}`),
    );
  }

  return {
    children: [strip, play, costs],
    stop,
    /** @param {{layers: ({side: number, units: number} & Cost)[], last: Cost}} inside `last` follows the layers */
    open(inside) {
      stop();
      ({ layers, last } = inside);
      guesses = [];
      chosen = 0;
      strip.replaceChildren(...layers.map(({ side, units }, i) =>
        make(
          "button.gs-inside-layer",
          { onclick: () => choose(i) },
          make("canvas", { width: side, height: side, "aria-hidden": "true" }),
          make("span.gs-name", `${side}×${side}`),
          make("span.gs-quiet", `${units} units`),
        )
      ));
    },
    /** @param {ImageData[]} images the guess of each layer @param {number} layer */
    show(images, layer) {
      guesses = images;
      chosen = layer;
      [...strip.children].forEach((card, i) => images[i] && paint(card.querySelector("canvas"), images[i]));
      mark();
    },
    /** @param {number} layer */
    choose(layer) {
      chosen = layer;
      mark();
    },
  };
}
