// A class: whoever comes by a link with a room joins it, whoever has the teacher key sees its board.
import { fieldsNow, takeField } from "../core/address.js";
import { lazy } from "../core/dom.js";
import { session } from "../core/storage.js";

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element) {
  const root = /** @type {HTMLElement} */ (element.querySelector(".gs-class"));
  // The key is no part of links that a teacher copies.
  const key = takeField("teacher") ?? session.get("teacher"), room = fieldsNow().get("room");
  if (key) {
    session.set("teacher", key);
    lazy(() => import("./board.js")).then(({ board }) => board(root, key), console.error);
  } else if (room !== null || session.get("student")) {
    lazy(() => import("./student.js")).then(({ student }) => student(root, room ?? ""), console.error);
  }
}
