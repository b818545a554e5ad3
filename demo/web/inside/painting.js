// What Inside's brush paints: a part of the picture, more or less of it, or nothing.
import { make } from "../core/dom.js";
import { findParts } from "./requests.js";

const WAYS = ["more", "less", "erase"];

/** Uses Inside's state and elements. @param {object} options
 * @param {any} options.state @param {Record<string, any>} options.view
 * @param {ReturnType<typeof import("./brush.js").brushOver>} options.brush
 * @param {() => void} options.chosen another part is painted
 * @param {() => void} options.found parts are known
 * @param {(error: Error) => void} options.failed */
export function paintingOf({ state, view, brush, chosen, found, failed }) {
  function show() {
    const { parts } = state;
    view.parts.replaceChildren(
      ...parts.map((part) =>
        make("button.gs-part", { onclick: () => choosePart(state.part === part ? "" : part) }, part)
      ),
    );
    view.noParts.hidden = parts.length > 0;
    const order = view.order.value;
    view.order.replaceChildren(
      make("option", { value: "" }, "most active first"),
      ...parts.map((part) => make("option", { value: part }, `best for: ${part}`)),
    );
    view.order.value = parts.includes(order) ? order : "";
    choosePart(parts.includes(state.part) ? state.part : "");
  }

  function choosePart(part) {
    state.part = part;
    [...view.parts.children].forEach((chip, i) => chip.setAttribute("aria-pressed", String(state.parts[i] === part)));
    view.brushTools.hidden = brush.element.hidden = !part;
    chosen();
  }

  function chooseWay(way) {
    state.way = way;
    for (const name of WAYS) view[name].setAttribute("aria-pressed", String(name === way));
  }

  async function find() {
    const { model, info } = state;
    view.find.disabled = true;
    view.find.textContent = "Looking …";
    try {
      const parts = await findParts(model);
      if (info !== state.info) return;
      const focused = document.activeElement === view.find;
      state.parts = parts;
      show();
      if (focused) view.parts.firstElementChild?.focus();
      found();
    } catch (error) {
      failed(error);
    } finally {
      view.find.disabled = false;
      view.find.textContent = "Find parts";
    }
  }

  view.find.onclick = find;
  for (const way of WAYS) view[way].onclick = () => chooseWay(way);
  chooseWay("more");

  return { show, find, choose: choosePart };
}
