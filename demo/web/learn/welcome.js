// One line for whoever is here for the first time: a tour of three minutes, from control to control.
import { lazy, make } from "../core/dom.js";
import { isBegun } from "../core/progress.js";
import { store, stored } from "../core/storage.js";
import { texts } from "../core/texts.js";

const KEY = "ganscope-welcome";
const QUIET_MS = 2500; // the first picture comes first

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element) {
  const root = element.querySelector(".gs-welcome");
  if (stored(KEY, (text) => text) || isBegun()) return hide();
  // Its place is kept free, so that nothing moves under a pointer when it comes.
  root.replaceChildren(make("p.gs-quiet"));
  setTimeout(() => offer().catch(hide), QUIET_MS);

  function hide() {
    root.replaceChildren();
  }

  async function offer() {
    const words = await texts("learn");
    const close = () => {
      store(KEY, "seen");
      hide();
    };
    const begin = async () => {
      close();
      const { welcomeTour } = await lazy(() => import("./welcome_tour.js"));
      welcomeTour(words, await texts("lessons"));
    };
    root.replaceChildren(make(
      "p.gs-quiet",
      `${words.new} `,
      make("button.gs-link", { onclick: begin }, words.tour),
      make("button.gs-link.gs-dismiss", { onclick: close, "aria-label": words.dismiss }, "✕"),
    ));
  }
}
