// The projector view: one key shows the open tab's main thing large, and nothing else.
const MAIN = {
  explore: ".gs-explore .gs-frame",
  walk: ".gs-walk > div:first-child",
  breed: ".gs-breed .gs-grid, .gs-breed",
  find: ".gs-find",
  train: ".gs-train .gs-fakes",
  compare: ".gs-compare",
  report: ".gs-report",
  points: ".gs-points .gs-stages",
  learn: ".gs-lesson .gs-figure",
};
const MOST = 6; // how much it is enlarged at most

/** @type {HTMLElement | null} */
let shown = null;

/** Show the open tab's main thing alone, or the page again. */
export function toggleProjector() {
  if (shown) return leave();
  const tab = Object.keys(MAIN).find((name) => document.getElementById(`tab-${name}`)?.offsetParent);
  shown = tab ? document.querySelector(MAIN[tab]) : null;
  if (!shown) return;
  const { width, height } = shown.getBoundingClientRect();
  document.body.classList.add("gs-projector");
  shown.classList.add("gs-projected");
  shown.style.setProperty("--gs-zoom", String(Math.min(MOST, innerWidth / (width + 40), innerHeight / (height + 40))));
  document.addEventListener("keydown", escape, true);
}

function leave() {
  document.body.classList.remove("gs-projector");
  shown.classList.remove("gs-projected");
  shown.style.removeProperty("--gs-zoom");
  document.removeEventListener("keydown", escape, true);
  shown = null;
}

function escape(/** @type {KeyboardEvent} */ event) {
  if (event.key === "Escape") leave();
}
