// The brush over Inside's picture: by mouse, finger or keyboard it says where it went.
import { MASK_GRID as GRID } from "../core/constants.js";
import { make } from "../core/dom.js";

const COLOURS = { more: [232, 119, 34], less: [64, 132, 240] };
const SEEN_MS = 900;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** What lies over the picture: it shows the masks, and takes the brush.
 * @param {{begin: () => void, dot: (dot: {x: number, y: number}) => void, end: () => void}} listener `begin` and `end`
 *   of a stroke; `dot` at each of its places, in cells of the mask */
export function brushOver({ begin, dot, end }) {
  const element = make("canvas.gs-brush", {
    width: GRID,
    height: GRID,
    hidden: true,
    tabIndex: 0,
    role: "application",
  });
  element.setAttribute("aria-label", "Paint here: arrow keys move the brush, the space bar paints");
  const pen = element.getContext("2d");
  let fading = 0, strokes = [], last = null, pointer = null, cursor = { x: GRID / 2, y: GRID / 2 }, keys = false;

  function show() {
    const image = pen.createImageData(GRID, GRID);
    for (const { way, mask } of strokes) {
      mask.forEach((on, i) => on && image.data.set([...COLOURS[way], 120], 4 * i));
    }
    if (keys) image.data.set([220, 40, 120, 255], 4 * (Math.floor(cursor.y) * GRID + Math.floor(cursor.x)));
    pen.putImageData(image, 0, 0);
  }

  function placeOf(event) {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: (event.clientX - left) / width * GRID, y: (event.clientY - top) / height * GRID };
  }

  // A fast pointer leaves gaps: dots lie at most half a cell apart.
  function goTo(place) {
    const from = last ?? place, count = Math.ceil(Math.hypot(place.x - from.x, place.y - from.y) * 2) || 1;
    for (let i = 1; i <= count; i++) {
      dot({ x: from.x + (place.x - from.x) * i / count, y: from.y + (place.y - from.y) * i / count });
    }
    last = place;
  }

  // The masks are in sight while they change, and a moment longer: then what they did to the picture is.
  function seen() {
    clearTimeout(fading);
    element.classList.add("gs-brush-seen");
    if (!last) fading = setTimeout(() => element.classList.remove("gs-brush-seen"), SEEN_MS);
  }

  element.onpointerdown = (event) => {
    if (event.button) return;
    event.preventDefault();
    // Of several fingers the first.
    if (pointer !== null) return;
    pointer = event.pointerId;
    element.setPointerCapture(pointer);
    keys = false;
    begin();
    goTo(placeOf(event));
    seen();
  };
  element.onpointermove = (event) => {
    if (event.pointerId === pointer) goTo(placeOf(event));
  };
  const lift = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = last = null;
    end();
    seen();
  };
  element.onpointerup = element.onpointercancel = lift;
  element.onkeydown = (event) => {
    const step = STEPS[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault();
    keys = true;
    seen();
    if (step) {
      const within = (value) => Math.min(Math.max(value, 0.5), GRID - 0.5);
      cursor = { x: within(cursor.x + step[0]), y: within(cursor.y + step[1]) };
    } else {
      begin();
      dot(cursor);
      end();
    }
    show();
  };
  element.onblur = () => {
    keys = false;
    show();
  };

  return {
    element,
    /** @param {import("./edits.js").Stroke[]} all */
    show(all) {
      strokes = all;
      show();
    },
  };
}
