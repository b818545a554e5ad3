// The model menu above a view (demo/tabs/model_menu.py). The newest choice wins, whatever answers first; of a name that
// cannot be opened the error stands below the menu, which returns to the model that is shown.
import { make } from "./dom.js";
import { turns } from "./latest_request.js";

const SLOW_MS = 500; // after which it is said that a model is being opened

/**
 * @typedef {object} MenuOptions
 * @property {HTMLElement} element the component's own
 * @property {import("./types.d.ts").Props} props
 * @property {(event: string, detail?: unknown) => void} trigger
 * @property {(name: string, callback: () => void) => void} watch
 * @property {(name: string, request: any, isNewest: () => boolean) => Promise<boolean>} open shows a model; false if
 *   `isNewest()` was false before it could. It throws with a message for the user.
 * @property {any} [first] the menu's value that the view has opened by itself
 * @property {() => string | null} shown the name of the model that is shown
 */

/** Connect a view to its menu. What it returns opens a model for a link or for another tab: true once the model is
 * shown, false if a newer choice took its place. @param {MenuOptions} options */
export function modelMenu({ element, props, trigger, watch, open: show, first = props.value, shown }) {
  const error = make("p.gs-error", { role: "alert", hidden: true });
  const news = make("p.gs-quiet", { role: "status", hidden: true });
  element.prepend(make("div.gs.gs-menu-news", error, news));
  const begin = turns();
  /** @type {string | null} */
  let told = null; // the last name that the menu was told: it may still be on its way

  function tell(name) {
    told = name;
    trigger("moved", { name });
  }

  function say(place, words) {
    place.textContent = words;
    place.hidden = !words;
  }

  async function open(name, request = {}) {
    const isNewest = begin();
    say(error, "");
    const slow = setTimeout(() => isNewest() && say(news, `Opening ${name} …`), SLOW_MS);
    try {
      return await show(name, request, isNewest);
    } catch (failure) {
      if (isNewest()) throw failure;
      return false;
    } finally {
      clearTimeout(slow);
      if (isNewest()) say(news, "");
    }
  }

  async function chosen() {
    const { model, known } = props.value;
    if (known) return; // the menu was told
    try {
      if (await open(model) && told !== null && told !== model) tell(model);
    } catch (failure) {
      say(error, failure.message);
      if (shown()) tell(shown());
    }
  }
  watch("value", chosen);
  if (props.value.turn !== first.turn) chosen(); // before anybody watched

  async function openAndTell(/** @type {string} */ name, request = {}) {
    const opened = await open(name, request);
    if (opened) tell(name);
    return opened;
  }

  return {
    open,
    /** Open a model that the menu does not name, and have the menu name it. */
    openAndTell,
    /** Open the model that a link names, or without one the first of the menu. If that cannot be opened where nothing
     * is shown yet, the first is, and then failed(error) is called.
     * @param {string | null | undefined} linked @param {any} request @param {(error: Error) => void} failed */
    async openLinked(linked, request, failed) {
      const name = linked || first.model;
      try {
        await (name === props.value.model ? open : openAndTell)(name, request);
      } catch (error) {
        if (!shown() && name !== first.model) await open(first.model).catch(failed);
        failed(error);
      }
    },
  };
}
