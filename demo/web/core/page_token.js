// The secret that a page shows to hand in files and to see its own (demo/own.py). It comes soon after the page.
import { UPLOAD_TOKEN } from "./constants.js";

/** @type {(token: string) => void} */
let arrived;
/** @type {Promise<string>} */
const token = new Promise((resolve) => {
  arrived = resolve;
});

/**
 * The hidden component whose value is the token (demo/page.py).
 * @type {import("./types.d.ts").Mount}
 */
export function mount(element, props, _trigger, watch) {
  element.hidden = true;
  const look = () => {
    if (props.value) arrived(props.value);
  };
  watch("value", look);
  look();
}

/**
 * Options for `ask`, with the token once it is there.
 * @param {Omit<RequestInit, "headers">} [options]
 * @returns {Promise<RequestInit & {headers: Record<string, string>}>}
 */
export async function withPageToken(options = {}) {
  return { ...options, headers: { [UPLOAD_TOKEN]: await token } };
}
