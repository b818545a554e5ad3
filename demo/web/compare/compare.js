// Compare: up to four runs beside each other, scrubbed by one slider in steps.
import { copyAddress, fieldsOf, keepState, linkOf } from "../core/address.js";
import { make } from "../core/dom.js";
import { onPixels } from "../core/enlarge.js";
import { chart } from "../core/line_chart.js";
import { sendTo } from "../core/page.js";
import * as sheets from "../core/sample_sheets.js";
import { timeline } from "../core/timeline.js";
import { keepFocus } from "../core/keep_focus.js";
import * as recordings from "../run/recorded.js";
import * as runCharts from "../run/run_charts.js";
import * as status from "../run/run_status.js";
import * as seenRuns from "../run/seen_runs.js";
import { sideOf } from "./side.js";

const SHAPES = { A: "circle", B: "square", C: "triangle", D: "diamond" };
const DASHES = { A: "", B: "7 3", C: "2 3", D: "9 3 2 3" };
const INTRODUCTION = "Press Compare: A is trained first, then B, each from the same start.";

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, _trigger, watch) {
  let sides = [], ids = "", steps = [], distance = null, value = null, updated = 0, announced = "";
  const noise = sheets.noise(), blank = make("canvas", { width: 1, height: 1 });
  const history = timeline({
    of: "all sides",
    show: showMoment,
    words: ({ step }) => `step ${step.toLocaleString("en")}`,
    prefetch: (places) => sides.forEach((side) => side.prefetch(places.map((place) => steps[place]))),
  });
  const view = build(element.querySelector(".gs-compare"), history, copy);

  const kept = keepState("compare", () => /** @type {Record<string, any>} */ (ids ? { compare: ids } : {}));

  async function update() {
    const given = props.value || {};
    show(given);
    // The runs of a link are on their way.
    if (fieldsOf("compare").get("compare") && !updated++) return;
    if (!given.recording) return;
    const comparison = await recordings.load(given.recording) ?? { ...given, recording: null };
    // A live comparison takes its place however late it comes.
    if (value === given) show(comparison);
  }

  // A recording comes within a moment: no noise before it.
  const ground = () => (value.recording || value.recorded ? blank : noise);

  function show(/** @type {any} */ next) {
    value = next;
    const payloads = value.sides || [];
    if (payloads.map((side) => side.name).join() !== sides.map((side) => side.name).join()) rebuild(payloads);
    payloads.forEach((side, i) => sides[i].update(side));
    const now = payloads.map((side) => side.id).filter(Boolean).join();
    if (now !== ids) {
      ids = now;
      kept.changed();
      // The last is the newest.
      now.split(",").filter(Boolean).forEach(seenRuns.add);
    }
    view.copy.disabled = !ids;
    // Without data the charts are hidden.
    view.overlay.hidden = view.charts.hidden = !ids && !value.recorded;
    steps = [...new Set(sides.flatMap((side) => side.points.step))].sort((a, b) => a - b);
    showWords(payloads);
    updateDistance();
    follow();
  }

  const follow = () =>
    history.update({ step: steps }, ids ? ids.split(",")[0] : recordings.keyOf(value.sides?.[0] ?? {}));

  function rebuild(payloads) {
    sides = payloads.map(({ name }) =>
      sideOf(name, ground, (id) => {
        sendTo("explore", { model: `run:${id}` });
        window.scrollTo(0, 0);
      })
    );
    view.sides.replaceChildren(...sides.map((side) => side.element));
    view.charts.replaceChildren(...sides.map((side) => side.charts));
    view.live.dataset.sides = sides.length;
    distance = distanceChart(sides.map((side) => side.name), history.pick);
    view.overlay.replaceChildren(distance.element);
  }

  function showMoment(index, isHeld) {
    distance.cursor(isHeld ? index : null);
    sides.forEach((side) => side.aim(isHeld ? steps[index] : null));
  }

  function updateDistance() {
    const columns = { step: steps }, floors = {};
    for (const { name, points, floor } of sides) {
      const measured = new Map(points.step.map((step, i) => [step, points.distance[i]]));
      columns[name] = steps.map((step) => measured.get(step) ?? null);
      floors[name] = floor;
    }
    const floor = alike() ? Object.values(floors).find(Boolean) : null;
    distance.update({
      columns,
      floors,
      reference: runCharts.ruleAt(floor),
      span: Math.max(steps.at(-1) || 0, 1),
      caption: alike() ? sides.map((side) => side.metric).find(Boolean) : "",
    });
  }

  // Distances are comparable only between runs on the same data.
  const alike = () => new Set(sides.map((side) => side.ground).filter(Boolean)).size <= 1;

  function showWords(payloads) {
    const active = payloads.find((side) => status.isActive(side.state)),
      next = payloads.find((side) => side.state === "planned");
    view.said.textContent = value.recorded ? value.verdict.replace(/^Done: /, "") : "";
    const text = value.recorded
      ? recordings.words(value.recorded, "Compare")
      : active
      ? `${active.name}: ${status.statusOf(active, active.points.step.length - 1)}`
      : next
      ? `${next.name} is next.`
      : payloads.some((side) => side.id)
      ? value.verdict || "Done."
      : INTRODUCTION;
    view.status.textContent = text;
    const spoken = active ? `${active.name}: ${active.state}` : text;
    if (announced !== spoken) view.spoken.textContent = announced = spoken;
  }

  // The link opens this comparison as long as the server keeps the runs.
  async function copy() {
    view.hint.textContent = await copyAddress(linkOf({ compare: ids }));
  }

  keepFocus(element.closest(".gs-train-row").querySelector(".gs-train-buttons"));
  watch("value", update);
  onPixels(() => sides.forEach((side) => side.paint()));
  update();
  // Refresh when the tab is shown again.
  new ResizeObserver(() => {
    sides.forEach((side) => side.paint());
    follow();
  }).observe(view.live);
}

// All sides' distances in one chart, along steps.
function distanceChart(names, pick) {
  return chart({
    title: "Distance to real pictures",
    axis: "step",
    log: true,
    pick,
    hover: () => {},
    series: names.map((name) => ({
      name,
      column: name,
      actor: `side-${name}`,
      shape: SHAPES[name],
      dash: DASHES[name],
      dots: true,
    })),
    format: ({ name }, value, { floors }) => `${name} ${runCharts.inFloors(value, floors?.[name])}`,
  });
}

function build(root, history, copy) {
  const view = {
    status: make("strong.gs-status"),
    said: make("p.gs-quiet.gs-notes"),
    hint: make("span.gs-quiet"),
    spoken: make("p.gs-hidden", { "aria-live": "polite" }),
    sides: make("div.gs-sides"),
    overlay: make("div.gs-overlay"),
    charts: make("div.gs-sides"),
    copy: make("button", { disabled: true, onclick: copy }, "Copy link to this comparison"),
  };
  view.live = make(
    "div.gs-comparison",
    make("div", make("div.gs-headline", view.status), view.said),
    view.spoken,
    view.sides,
    history.element,
    view.overlay,
    view.charts,
    make("div.gs-row", view.copy, view.hint),
  );
  root.append(view.live);
  return view;
}
