// A link to Train's settings: the server writes what it says, this copies it.
import { copyAddress, make, pageAddress, sayer } from "../core/dom.js";

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, _trigger, watch) {
  const said = make("p.gs-quiet.gs-hint", { role: "status" });
  element.querySelector(".gs-settings-link").append(said);
  const say = sayer(said);
  watch("value", async () => say(await copyAddress(`${pageAddress()}?${props.value}`)));
}
