// The light/dark switch: follows the system until someone presses it, then remembers.
import { make } from "./dom.js";

const KEY = "ganscope-theme";
const dark = () => document.body.classList.contains("dark");
const remember = (theme) => {
  try {
    localStorage.setItem(KEY, theme);
  } catch { /* private mode */ }
};
const recall = () => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};

/** @type {import("./types.d.ts").Mount} */
export function mount(element) {
  const toggle = make("button", { type: "button", onclick: () => choose(dark() ? "light" : "dark") });
  const choose = (theme) => {
    document.body.classList.toggle("dark", theme === "dark");
    remember(theme);
    show();
  };
  const show = () => {
    toggle.textContent = dark() ? "Light" : "Dark";
    toggle.setAttribute("aria-label", `Switch to ${dark() ? "light" : "dark"} colours`);
  };
  const kept = recall();
  if (kept) document.body.classList.toggle("dark", kept === "dark");
  show();
  element.querySelector(".gs-header").append(
    make("h1", {}, "GAN", make("span", {}, "scope")),
    make("p", {}, "See a GAN learn, then walk through what it learned."),
    toggle,
  );
}
