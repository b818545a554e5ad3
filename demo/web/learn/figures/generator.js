// The generator: a slider through z, the picture, and what the layers compute on the way.
import { fetchRoute, pictures, query } from "../../core/api.js";
import { make, paint, range } from "../../core/dom.js";
import { latestRequest } from "../../core/latest_request.js";
import { fill } from "../../core/texts.js";
import { difference, follower, lengthOf } from "./pictures.js";

const LAYER_SIDE = 92; // CSS pixels
const FIRST_SEED = 42, REACH = 2;
const COUNT = 12, STEP = 0.01; // of the measurement
const SAME = 0.0005, LITTLE = 0.5; // of the difference between two pictures

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words }, props, failed, tried }) {
  const shown = follower(props.model, words.picture, failed);
  const slider = range(words.slider, -REACH, REACH, { step: 0.01, value: 0, oninput: move });
  const layers = make("div.gs-layers", { role: "group", "aria-label": words.layers });
  const other = make("button", { onclick: () => another() }, words.other);
  const element = make(
    "div.gs-generator-figure",
    shown.element,
    make("div", make("label.gs-name", words.slider), slider, other, make("p.gs-name", words.layers), layers),
  );
  const stages = stagesOf(props.model, layers, words, failed);
  let seed = FIRST_SEED, z = null, way = null;

  const here = () => z.map((value, i) => value + slider.valueAsNumber * way[i]);

  function move() {
    if (!z) return;
    shown.show(here());
    stages(here());
  }

  async function another() {
    try {
      // The way goes towards another seed, so that it is one that G knows.
      [z, way] = await shown.zOf([seed, seed + 1]);
      seed += 2;
      slider.value = "0";
      move();
    } catch (error) {
      failed(error);
    }
  }

  slider.addEventListener("change", tried);
  return {
    element,
    begin: another,
    async measure() {
      const zs = await shown.zOf(Array.from({ length: 2 * COUNT }, (_, i) => 1000 + i));
      const starts = zs.slice(0, COUNT), others = zs.slice(COUNT);
      const moved = starts.map((start, i) => nudged(start, others[i]));
      const images = await pictures(props.model, [...starts, ...moved, ...others]);
      const change = (from) => starts.reduce((sum, _, i) => sum + difference(images[i], images[from + i]), 0);
      const share = change(COUNT) / change(2 * COUNT);
      const right = share < SAME ? 0 : share < LITTLE ? 1 : 2;
      return { right, values: { count: COUNT, change: (100 * share).toFixed(1) } };
    },
  };
}

// Moved by STEP of its length, along another vector.
function nudged(z, along) {
  const scale = (STEP * lengthOf(z)) / lengthOf(along);
  return z.map((value, i) => value + scale * along[i]);
}

// The grey pictures of the layers, a canvas each.
function stagesOf(name, element, words, failed) {
  const ask = async (z) => {
    const response = await fetchRoute(`learn/layers?${query({ model: name })}`, { method: "POST", body: z });
    const sides = response.headers.get("X-Sides").split(",").map(Number);
    return { sides, bytes: new Uint8Array(await response.arrayBuffer()) };
  };
  return latestRequest(
    ask,
    ({ sides, bytes }) => {
      let at = 0;
      sides.forEach((side, i) => {
        const canvas = element.children[i]?.querySelector("canvas") ?? added();
        paint(canvas, grey(bytes.subarray(at, at + side * side), side));
        canvas.parentElement.lastElementChild.textContent = fill(words.layer, { side });
        at += side * side;
      });
    },
    failed,
    1,
  );

  function added() {
    const canvas = make("canvas.gs-picture");
    canvas.style.width = canvas.style.height = `${LAYER_SIDE}px`;
    element.append(make("div", canvas, make("span.gs-quiet")));
    return canvas;
  }
}

function grey(bytes, side) {
  const image = new ImageData(side, side);
  bytes.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  return image;
}
