// Find: actions on the result: compare with the target, save, copy a link, open in other tabs.
import { copyAddress, linkOf } from "../core/address.js";
import { make, notifier, paint, savePng } from "../core/dom.js";
import { packZ } from "../core/latent_text.js";
import { fileName } from "../core/numbers.js";
import { sendTo } from "../core/page.js";

const MAX_PIXELS = 256;

/** `now()` is what is shown: {model, weights, size, z, image, target}, both pictures as ImageData, or null.
 * @param {Record<string, any>} view @param {() => any} now */
export function resultActions(view, now) {
  const notify = notifier(view.notice);

  // Show the target picture in the result's place while the button is held.
  function flip(on) {
    if (!now()) return;
    paint(view.found, on ? now().target : now().image);
    view.hold.setAttribute("aria-pressed", on);
  }
  for (const held of [view.hold, view.found]) {
    held.addEventListener("pointerdown", () => flip(true));
    for (const end of ["pointerup", "pointerleave", "pointercancel"]) held.addEventListener(end, () => flip(false));
    held.addEventListener("contextmenu", (event) => event.preventDefault()); // of a long press
  }
  view.hold.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") flip(true);
  });
  for (const end of ["keyup", "blur"]) view.hold.addEventListener(end, () => flip(false));

  function save() {
    const { model, size, target, image } = now();
    const scale = Math.max(1, Math.floor(MAX_PIXELS / size)), side = scale * size, gap = scale;
    const large = make("canvas", { width: 2 * side + gap, height: side }), brush = large.getContext("2d");
    brush.imageSmoothingEnabled = false;
    [target, image].forEach((each, i) => {
      const small = make("canvas");
      paint(small, each);
      brush.drawImage(small, i * (side + gap), 0, side, side);
    });
    savePng(large, `${fileName(model)}-target-and-found.png`);
  }

  async function copy() {
    const { model, weights, z } = now();
    notify(await copyAddress(linkOf({ model, weights, at: packZ(z) }))); // read by explore/link.js
  }

  for (const tab of ["explore", "walk", "breed"]) {
    view[tab].onclick = () => {
      const { model, z } = now();
      sendTo(tab, { model, z: Float32Array.from(z), label: "the found picture" });
    };
  }
  view.save.onclick = save;
  view.copy.onclick = copy;
}
