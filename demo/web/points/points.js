// Points: the tab. One session, or two from the same seed, with what they share: stage, board, charts, history.
import { fieldsOf } from "../core/address.js";
import { wrongField } from "../core/link_fields.js";
import { timeline } from "../core/timeline.js";
import * as api from "./api.js";
import { controlDiagram } from "./control_diagram.js";
import { dataInput } from "./data_input.js";
import { exportsOf } from "./export.js";
import { playerOf } from "./player.js";
import { sessionView } from "./session_view.js";
import { statusView } from "./status_view.js";
import { stepByStep } from "./step_by_step.js";
import { build, dataMenu } from "./view.js";

// Settings that a change of method keeps: the data and the networks.
const KEPT = ["data", "seed", "steps", "z_dim", "noise", "depth", "d_depth", "width", "d_width", "activation"];
const { CUSTOM_DATA } = api;
const MAX_STEPS = 100_000; // that a link may replay

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element) {
  const root = element.querySelector(".gs-points");
  let catalogue = null, started = false, held = null, picked = null, chosen = "A", customSource = "draw";
  const sides = { A: side("A") };
  const shown = () => sides[chosen];
  const session = () => shown().session;
  const all = () => Object.values(sides);

  const board = controlDiagram({ choose, pick });
  const input = dataInput({ use: useCustomData, leave, failed });
  const history = timeline({
    of: "the session",
    show: showMoment,
    prefetch: () => {},
    words: ({ step }) => `step ${Math.floor(step).toLocaleString("en")}`,
  });
  const player = playerOf({
    all,
    shown,
    notify,
    failed,
    view: () => view,
    stopSlow: () => slow.stop(),
    follow: () => history.follow(),
  });
  const slow = stepByStep({ step: player.slowStep, show: showPart, changed: () => status.showButtons() });
  const clouds = dataMenu({
    learn(name) {
      input.close();
      player.learn(name);
    },
    draw() {
      for (const { session } of all()) if (session.running) session.pause();
      input.draw();
      showData("draw");
    },
    paste() {
      input.paste();
      showData("csv");
    },
    colour: () => shown().palette().real,
  });
  const share = exportsOf({
    shown,
    begun: player.begun,
    notify,
    failed,
    place: () => held ?? session().frames.at(-1)?.place ?? 0,
    settings: () => [sides.A.session.settings, sides.B?.session.settings],
  });
  const view = build({
    ...player,
    both,
    slow: () => slow.toggle(),
    next: () => slow.next(),
    hold: () => slow.hold(),
    parts: {
      clouds: clouds.element,
      pad: input.element,
      history: history.element,
      board: board.element,
      share: share.buttons,
    },
  });
  const status = statusView({ all, shown, player, share, slow, view });
  view.stages.append(sides.A.element);
  view.charts.append(...sides.A.charts);
  sides.A.stageBox.append(input.paper);
  root.append(...view.elements);

  function side(name) {
    return sessionView({
      name,
      failed,
      pick,
      changed: (what) => onChange(name, what),
      pickMoment: (index) => history.pick(index),
      choose: () => select(name),
    });
  }

  // Load nothing until the tab is opened.
  new IntersectionObserver(([seen]) => {
    if (seen.isIntersecting && !started) start();
  }).observe(root);

  async function start() {
    started = true;
    try {
      catalogue = await api.about();
      board.offer(catalogue.methods);
      clouds.offer(catalogue.clouds);
      showData();
      const linked = fieldsOf("points").get("points");
      const wanted = linked && api.decode(linked);
      if (wanted) return await reopen(wanted);
      session().record(await api.show());
      if (linked) failed(new Error(wrongField("points", linked, "is damaged: a recorded session is shown instead")));
      else notify("Drag its history back to the start, or press Play again.");
    } catch (error) {
      failed(error);
    }
  }

  async function reopen({ settings, step, points, pair }) {
    await session().open(settings, points);
    if (pair && session().id) {
      addSide();
      await sides.B.session.open(pair, points);
    }
    const goal = Number.isInteger(step) && step >= 0 ? step : 0, most = MAX_STEPS.toLocaleString("en");
    if (goal > MAX_STEPS) {
      failed(new Error(`The link asks for step ${goal.toLocaleString("en")}: at most ${most} are repeated.`));
    } else if (goal !== (step ?? 0)) {
      failed(new Error(`The link asks for step ${JSON.stringify(step)}, which is no whole number from 0 to ${most}.`));
    }
    const last = Math.min(goal, MAX_STEPS);
    if (last) { for (const { session } of all()) session.play(null, last); }
  }

  // A session changed: repaint at most once an animation frame.
  let due = 0;
  function onChange(name, what) {
    if (what === "about") {
      if (name === chosen) board.update(session());
      showTitles();
      showData();
      status.showMarks();
      restartOthers(name);
    }
    due ||= requestAnimationFrame(() => {
      due = 0;
      refresh();
    });
  }

  // Two sessions are compared at the same step: if one restarts, the other restarts as well.
  function restartOthers(name) {
    const { restarted } = sides[name].session;
    if (!restarted) return;
    notify(restarted);
    for (const { name: other, session } of all()) if (other !== name) session.open(session.settings, session.points);
  }

  function refresh() {
    const { frames, id } = session();
    history.update({ step: frames.map((frame) => frame.place) }, id);
    status.show();
  }

  function showMoment(index, isHeld) {
    const frame = session().frames[index];
    held = isHeld && frame ? frame.place : null;
    for (const each of all()) each.show(held, picked);
    const seen = shown().shown();
    if (seen) board.paint({ frame: seen, palette: shown().palette(), picked });
  }

  function showPart(part) {
    board.dim(part?.boxes);
    for (const each of all()) each.part(each === shown() ? part : null);
    if (part) board.paint({ frame: part.frame, palette: shown().palette(), picked });
    else refresh();
  }

  function pick(index) {
    picked = index;
    const { frames } = session();
    const place = held === null ? frames.length - 1 : frames.findIndex((frame) => frame.place >= held);
    if (frames.length) showMoment(Math.max(place, 0), held !== null);
  }

  // Changed settings apply at once; those that need other networks restart the session.
  async function choose(name, value) {
    slow.stop();
    const now = Object.entries(session().settings);
    const kept = Object.fromEntries(name === "method" ? now.filter(([key]) => KEPT.includes(key)) : now);
    const settings = { ...kept, [name]: value };
    if (value === null) delete settings[name];
    notify("");
    // A new method should not inherit networks that have diverged.
    const diverged = name === "method" && (session().over || session().finding);
    if (diverged) notify("Restarted from step 0: the previous networks had diverged.");
    if (session().recorded || !session().id || diverged) await session().open(settings, session().points);
    else await session().change(settings);
    board.update(session());
  }

  function leave() {
    notify("");
    showData();
  }

  async function useCustomData(points, from, words = "") {
    customSource = from;
    await player.learn(CUSTOM_DATA, points);
    if (words) notify(words);
  }

  function addSide() {
    sides.B = side("B");
    view.stages.append(sides.B.element);
    view.stages.dataset.count = 2;
    view.both.textContent = "One session only";
    showTitles();
  }

  function removeSide() {
    sides.B.session.leave();
    sides.B.element.remove();
    delete sides.B;
    chosen = "A";
    view.stages.dataset.count = 1;
    view.both.textContent = "Two side by side";
    showTitles();
    select("A");
  }

  // Two from the same seed: B begins as a copy, to be changed.
  async function both() {
    slow.stop();
    if (sides.B) return removeSide();
    const { settings, points } = session();
    addSide();
    chosen = "B";
    await Promise.all(all().map(({ session: each }) => each.open(settings, points)));
    select("B");
    notify("Both start alike. Choose A or B above its square, change a setting, then press Play.");
  }

  function select(name) {
    chosen = name;
    showTitles();
    status.showMarks();
    board.update(session());
    refresh();
  }

  function showTitles() {
    const named = ({ name, session }) => (sides.B ? `${name} · ${titleOf(session.settings.method)}` : "");
    for (const each of all()) each.title(named(each), each.name === chosen);
    if (view.charts.firstChild !== shown().charts[0]) view.charts.replaceChildren(...shown().charts);
  }

  function titleOf(method = "quick") {
    const methods = catalogue?.methods.flatMap((group) => group.methods) ?? [];
    return methods.find(({ name }) => name === method)?.title ?? method;
  }

  const showData = (open) => {
    const { data } = session().settings;
    clouds.show(open ?? (data === CUSTOM_DATA ? customSource : data));
  };

  function notify(words) {
    view.note.textContent = words;
    view.alert.textContent = "";
  }

  function failed(error) {
    view.note.textContent = "";
    view.alert.textContent = error.message[0].toUpperCase() + error.message.slice(1);
    // The controls return to the settings in force.
    if (session().about) board.update(session());
  }

  new ResizeObserver(() => {
    if (root.clientWidth) refresh();
  }).observe(root);
  // The class also changes at every answer (core/api.js): repaint only if the colour scheme changed.
  const dark = () => document.body.classList.contains("dark");
  let scheme = dark();
  new MutationObserver(() => {
    if (dark() === scheme) return;
    scheme = dark();
    for (const each of all()) each.repaint();
    refresh();
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  addEventListener("pagehide", () => {
    for (const { session } of all()) session.leave();
  });
}
