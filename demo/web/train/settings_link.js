// A link to Train's settings: written by the server, copied here.
import { copyAddress, linkOf } from "../core/address.js";
import { make, notifier } from "../core/dom.js";

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, _trigger, watch) {
  const notice = make("p.gs-quiet.gs-hint", { role: "status" });
  element.querySelector(".gs-settings-link").append(notice);
  const notify = notifier(notice);
  watch("value", async () => notify(await copyAddress(linkOf(new URLSearchParams(props.value)))));
}
