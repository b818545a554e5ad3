// Inside's strip: each layer's guess of the picture; played, or one of them chosen.
import { make, paint } from "../core/dom.js";

const PLAY_MS = 700;

/** @param {object} options
 * @param {(layer: number) => void} options.choose
 * @param {(image: ImageData | null) => void} options.screen show a stage large; null: the picture again */
export function stagesOf({ choose, screen }) {
  const strip = make("div.gs-inside-layers", { role: "group", "aria-label": "Layers" });
  const play = make("button", { title: "Play how the picture is built" }, "▶ Play");
  let guesses = [], chosen = 0, playing = 0;

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
  }

  return {
    children: [strip, play],
    stop,
    /** @param {{side: number, units: number}[]} layers */
    open(layers) {
      stop();
      guesses = [];
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
