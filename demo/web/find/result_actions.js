// Find: what can be done with what was found: held against the given, kept, edited, walked to, bred from.
import { fileName } from "../core/numbers.js";
import { copyAddress, make, pageAddress, paint, savePng, sayer } from "../core/dom.js";
import { packZ } from "../core/latent_text.js";
import { handOver } from "../core/page.js";

const MOST_PIXELS = 256;

/** `now()` is what is shown: {model, size, z, image, given}, both pictures as ImageData, or null.
 * @param {Record<string, any>} view @param {() => any} now */
export function resultActions(view, now) {
  const say = sayer(view.said);

  // The given picture in the found one's place, while it is held.
  function flip(on) {
    if (!now()) return;
    paint(view.found, on ? now().given : now().image);
    view.hold.setAttribute("aria-pressed", on);
  }
  for (const held of [view.hold, view.found]) {
    held.addEventListener("pointerdown", () => flip(true));
    for (const end of ["pointerup", "pointerleave", "pointercancel"]) held.addEventListener(end, () => flip(false));
    held.addEventListener("contextmenu", (event) => event.preventDefault()); // of a finger that rests
  }
  view.hold.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") flip(true);
  });
  for (const end of ["keyup", "blur"]) view.hold.addEventListener(end, () => flip(false));

  function save() {
    const { model, size, given, image } = now();
    const scale = Math.max(1, Math.floor(MOST_PIXELS / size)), side = scale * size, gap = scale;
    const large = make("canvas", { width: 2 * side + gap, height: side }), brush = large.getContext("2d");
    brush.imageSmoothingEnabled = false;
    [given, image].forEach((each, i) => {
      const small = make("canvas");
      paint(small, each);
      brush.drawImage(small, i * (side + gap), 0, side, side);
    });
    savePng(large, `${fileName(model)}-given-and-found.png`);
  }

  async function copy() {
    const { model, z } = now();
    const address = new URL(pageAddress()); // read by explore/link.js
    address.searchParams.set("model", model);
    address.searchParams.set("at", packZ(z));
    say(await copyAddress(address.href));
  }

  for (const tab of ["explore", "walk", "breed"]) {
    view[tab].onclick = () => {
      const { model, z } = now();
      handOver(tab, { model, z: Float32Array.from(z), label: "the found picture" });
    };
  }
  view.save.onclick = save;
  view.copy.onclick = copy;
}
