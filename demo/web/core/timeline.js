// The history of a run: a slider over its previews that follows the newest until the user moves it.
import { make } from "./dom.js";
import { around, coarseFirst, evenly, placeOf } from "./history_places.js";
import { tenths } from "./numbers.js";

const PLAY_MS = 6000;
const MAX_PLAYED = 90; // frames in one replay: 15 a second is smooth enough and spares the server
const AHEAD = 6;
const momentText = ({ step, seconds }) => `step ${step.toLocaleString("en")} · ${tenths(seconds)} s`;
const ICONS = { play: "M4 2.5v11l9-5.5z", stop: "M3.5 3.5h9v9h-9z" };

/**
 * A history. Returns {element, update(points, id), pick(index), follow()}.
 * @param {object} options
 * @param {(index: number, held: boolean) => void} options.show the moment to show, and whether the user holds it there
 * @param {(indices: number[]) => void} options.prefetch the most useful first, in place of those of before
 * @param {string} [options.of] what it is the history of
 * @param {(moment: {step: number, seconds?: number}) => string} [options.words]
 */
export function timeline({ show, prefetch, of = "the run", words = momentText }) {
  let steps = [], seconds = [], run = null, held = null, playing = 0;
  const slider = make("input", {
    type: "range",
    min: 0,
    max: 0,
    value: 0,
    disabled: true,
    "aria-label": `History of ${of}`,
    oninput: () => take(Number(slider.value)),
    onpointerdown: () => prefetch(coarseFirst(steps.length)),
    onfocus: () => prefetch(coarseFirst(steps.length)),
    // After release, further drags likely start here: prefetch the neighbours only.
    onchange: () => prefetch(around(steps.length, index())),
    onblur: () => prefetch([]),
  });
  const text = make("span.gs-moment");
  const icon = make("span.gs-icon");
  const play = make("button.gs-play", { disabled: true, onclick: () => (playing ? halt() : start()) }, icon);
  const latest = make("button.gs-latest", { disabled: true, onclick: () => follow() }, "Latest");
  const element = make("div.gs-history", make("span.gs-name", "History"), play, slider, text, latest);

  const last = () => steps.length - 1;
  // Held by step, since indices change when the server thins a long history.
  const index = () => (held === null ? last() : placeOf(steps, held));

  function take(place) {
    stop();
    hold(place);
    prefetch([...around(steps.length, place), ...coarseFirst(steps.length)]);
  }

  function hold(place) {
    held = place >= last() ? null : steps[place];
    render();
  }

  function follow() {
    stop();
    held = null;
    render();
  }

  function start() {
    const played = evenly(steps.length, MAX_PLAYED).map((place) => steps[place]);
    const count = played.length, began = performance.now();
    let shown = -1;
    const tick = (now) => {
      const turn = Math.min(Math.floor(((now - began) / PLAY_MS) * count), count - 1);
      if (turn > shown) {
        shown = turn;
        hold(placeOf(steps, played[turn]));
        prefetch(played.slice(turn + 1, turn + 1 + AHEAD).map((step) => placeOf(steps, step)));
      }
      if (now - began < PLAY_MS) playing = requestAnimationFrame(tick);
      else follow();
    };
    playing = requestAnimationFrame(tick);
    render();
  }

  function stop() {
    cancelAnimationFrame(playing);
    playing = 0;
  }

  function halt() {
    stop();
    render();
  }

  function render() {
    const place = Math.max(index(), 0), some = last() > 0;
    slider.disabled = play.disabled = !some;
    latest.disabled = !some;
    latest.setAttribute("aria-pressed", String(some && held === null));
    slider.max = String(Math.max(last(), 0));
    slider.value = String(place);
    const moment = last() < 0 ? "no pictures yet" : words({ step: steps[place], seconds: seconds?.[place] });
    text.textContent = moment;
    slider.setAttribute("aria-valuetext", moment.replace(" · ", ", ").replace(/ s$/, " seconds"));
    showIcon(playing ? "stop" : "play");
    if (last() >= 0) show(place, held !== null);
  }

  function showIcon(name) {
    if (icon.dataset.name === name) return;
    icon.dataset.name = name;
    icon.innerHTML = `<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path fill="currentColor" d="${ICONS[name]}"/></svg>`;
    play.setAttribute("aria-label", name === "play" ? "Replay the history" : "Stop the replay");
  }

  function update(points, id) {
    if (id !== run) {
      stop();
      held = null;
      run = id;
    }
    ({ step: steps, seconds } = points);
    render();
  }

  render();
  return { element, update, pick: take, follow };
}
