// What opens something in Explore after its first picture: the model menu, other tabs, Back and Forward.
import { keepState } from "../core/address.js";
import { modelMenu } from "../core/model_menu.js";
import { receive } from "../core/page.js";
import { FIRST_SEED } from "./first_load.js";
import { fieldsFrom, requestFrom } from "./link.js";

/** Uses Explore's state, choice and functions; `first` is the menu's value that is opened already. Returns {opened(),
 * changed()} of the address, and openLinked(request).
 * @param {Record<string, any>} explore */
export function openingsOf({ element, props, trigger, watch, state, choice, open, first, failed, failedToStay }) {
  const menu = modelMenu({ element, props, trigger, watch, open, first, shown: () => state.model });
  const openLinked = (/** @type {any} */ request) =>
    menu.openLinked(
      request.model,
      request,
      ({ message }) => failedToStay(new Error([message, ...(request.problems ?? [])].join(" "))),
    );
  const kept = keepState(
    "explore",
    () => fieldsFrom(state, choice.text()),
    (fields) => openLinked({ seed: FIRST_SEED, truncation: 1, ...requestFrom(fields) }),
  );
  receive("explore", (handed) => {
    menu.openAndTell(handed.model, { truncation: 1, ...handed }).catch(failed);
  });
  return { ...kept, openLinked };
}
