// Points: the tab. One game, or two from the same seed, with what they share: stage, board, charts, history.
import { make } from "../core/dom.js";
import { timeline } from "../core/timeline.js";
import * as api from "./api.js";
import { controlDiagram } from "./control_diagram.js";
import { dataInput } from "./data_input.js";
import { exportsOf } from "./export.js";
import { playerOf } from "./player.js";
import { sessionView } from "./session_view.js";
import { changesOf, paceOf, statusOf } from "./status_words.js";
import { stepByStep } from "./step_by_step.js";
import { build, dataMenu } from "./view.js";

// What another method leaves as it was chosen: the data and the networks.
const KEPT = ["data", "seed", "steps", "z_dim", "noise", "depth", "d_depth", "width", "d_width", "activation"];
const { OWN } = api;
const MOST_STEPS = 100_000; // that a link may ask for

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element) {
  const root = element.querySelector(".gs-points");
  let offers = null, started = false, held = null, picked = null, chosen = "A", ownFrom = "draw";
  const sides = { A: side("A") };
  const shown = () => sides[chosen];
  const game = () => shown().game;
  const all = () => Object.values(sides);

  const board = controlDiagram({ choose, pick });
  const input = dataInput({ use: useOwn, leave, failed });
  const history = timeline({
    of: "the game",
    show: showMoment,
    prefetch: () => {},
    words: ({ step }) => `step ${Math.floor(step).toLocaleString("en")}`,
  });
  const player = playerOf({
    all,
    shown,
    say,
    failed,
    view: () => view,
    stopSlow: () => slow.stop(),
    follow: () => history.follow(),
  });
  const slow = stepByStep({ step: player.slowStep, show: showPart, changed: showButtons });
  const clouds = dataMenu({
    learn(name) {
      input.close();
      player.learn(name);
    },
    draw() {
      for (const { game } of all()) if (game.running) game.pause();
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
    say,
    failed,
    place: () => held ?? game().frames.at(-1)?.place ?? 0,
    settings: () => [sides.A.game.settings, sides.B?.game.settings],
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
  view.stages.append(sides.A.element);
  view.charts.append(...sides.A.charts);
  sides.A.stageBox.append(input.paper);
  root.append(...view.elements);

  function side(name) {
    return sessionView({
      name,
      failed,
      pick,
      changed: (what) => heard(name, what),
      pickMoment: (index) => history.pick(index),
      choose: () => select(name),
    });
  }

  // The tab costs nothing until it is opened.
  new IntersectionObserver(([seen]) => {
    if (seen.isIntersecting && !started) start();
  }).observe(root);

  async function start() {
    started = true;
    try {
      offers = await api.about();
      board.offer(offers.methods);
      clouds.offer(offers.clouds);
      showData();
      const linked = new URLSearchParams(location.search).get("points");
      const wanted = linked && api.decode(linked);
      if (wanted) return await reopen(wanted);
      game().record(await api.show());
      if (linked) failed(new Error("The link is damaged: here is a game to begin with."));
      else say("Drag its history back to the start, or play it anew.");
    } catch (error) {
      failed(error);
    }
  }

  async function reopen({ settings, step, points, pair }) {
    await game().open(settings, points);
    if (pair && game().id) {
      addSide();
      await sides.B.game.open(pair, points);
    }
    const goal = Number.isInteger(step) && step > 0 ? step : 0;
    const [asked, most] = [goal, MOST_STEPS].map((count) => count.toLocaleString("en"));
    if (goal > MOST_STEPS) failed(new Error(`The link asks for step ${asked}: at most ${most} are repeated.`));
    const last = Math.min(goal, MOST_STEPS);
    if (last) { for (const { game } of all()) game.play(null, last); }
  }

  // News of a game. A frame is drawn once a screen frame, however often there is something new.
  let due = 0;
  function heard(name, what) {
    if (what === "about") {
      if (name === chosen) board.tell(game());
      showTitles();
      showData();
      showMarks();
      restartOthers(name);
    }
    due ||= requestAnimationFrame(() => {
      due = 0;
      refresh();
    });
  }

  // Two games are compared at the same step: where one had to begin anew, the other does as well.
  function restartOthers(name) {
    const { restarted } = sides[name].game;
    if (!restarted) return;
    say(restarted);
    for (const { name: other, game } of all()) if (other !== name) game.open(game.settings, game.points);
  }

  function refresh() {
    const { frames, id } = game();
    history.update({ step: frames.map((frame) => frame.place) }, id);
    showButtons();
    showFinding();
  }

  function showMoment(index, isHeld) {
    const frame = game().frames[index];
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
    const { frames } = game();
    const place = held === null ? frames.length - 1 : frames.findIndex((frame) => frame.place >= held);
    if (frames.length) showMoment(Math.max(place, 0), held !== null);
  }

  // What people change goes to the game at once; what needs other networks begins it anew.
  async function choose(name, value) {
    slow.stop();
    const now = Object.entries(game().settings);
    const kept = Object.fromEntries(name === "method" ? now.filter(([key]) => KEPT.includes(key)) : now);
    const settings = { ...kept, [name]: value };
    if (value === null) delete settings[name];
    say("");
    // A method is chosen for its own sake: it should not inherit networks that have gone astray.
    const astray = name === "method" && (game().over || game().finding);
    if (astray) say("Begun anew from step 0: the networks of before had gone astray.");
    if (game().recorded || !game().id || astray) await game().open(settings, game().points);
    else await game().change(settings);
    board.tell(game());
  }

  function leave() {
    say("");
    showData();
  }

  async function useOwn(points, from, words = "") {
    ownFrom = from;
    await player.learn(OWN, points);
    if (words) say(words);
  }

  function addSide() {
    sides.B = side("B");
    view.stages.append(sides.B.element);
    view.stages.dataset.count = 2;
    view.both.textContent = "One game only";
    showTitles();
  }

  function removeSide() {
    sides.B.game.leave();
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
    const { settings, points } = game();
    addSide();
    chosen = "B";
    await Promise.all(all().map(({ game: each }) => each.open(settings, points)));
    select("B");
    say("Both begin alike. Choose A or B above its square, change a setting, then press Play.");
  }

  function select(name) {
    chosen = name;
    showTitles();
    showMarks();
    board.tell(game());
    refresh();
  }

  function showTitles() {
    const named = ({ name, game }) => (sides.B ? `${name} · ${titleOf(game.settings.method)}` : "");
    for (const each of all()) each.title(named(each), each.name === chosen);
    if (view.charts.firstChild !== shown().charts[0]) view.charts.replaceChildren(...shown().charts);
  }

  function titleOf(method = "quick") {
    const methods = offers?.methods.flatMap((group) => group.methods) ?? [];
    return methods.find(({ name }) => name === method)?.title ?? method;
  }

  function showFinding() {
    const { finding } = game();
    view.finding.hidden = !finding;
    if (!finding || view.finding.dataset.words === finding.words) return;
    view.finding.dataset.words = finding.words;
    const changes = make("ul", {}, ...(finding.changes ?? []).map((change) => make("li", {}, change)));
    const again = () =>
      make("button", { type: "button", className: "gs-next", onclick: player.cure }, "Start again, cured");
    view.finding.replaceChildren(make("p", {}, finding.words), ...(finding.cure ? [again(), changes] : []));
  }

  function showButtons() {
    const running = all().some(({ game }) => game.running);
    const { recorded, over, frames, busy, settings, pace } = game();
    view.play.textContent = running ? "Pause" : recorded || player.finished() ? "Play anew" : "Play";
    view.parts.hidden = !slow.on();
    view.hold.setAttribute("aria-pressed", String(slow.held()));
    share.update();
    view.slow.setAttribute("aria-pressed", String(slow.on()));
    for (const button of [view.step, view.onlyD, view.onlyG, view.slow]) button.disabled = busy || over;
    const last = frames.at(-1);
    view.status.textContent = statusOf({
      slow: slow.on(),
      running,
      recorded,
      over,
      busy,
      last,
      steps: settings.steps,
    });
    view.speed.textContent = running ? paceOf(pace) : "";
    announce(running, last);
  }

  // Spoken when a game starts or rests, not at every step.
  let spoken = "";
  function announce(running, last) {
    const state = `${game().id} ${running}`;
    if (!last || state === spoken) return;
    spoken = state;
    view.spoken.textContent = running ? view.status.textContent : `${view.status.textContent}. ${shown().facts()}`;
  }

  function showMarks() {
    const changes = changesOf(game().marks);
    view.changes.hidden = !changes.length;
    view.changes.replaceChildren(...changes.map((words) => make("li", {}, words)));
  }

  const showData = (open) => {
    const { data } = game().settings;
    clouds.show(open ?? (data === OWN ? ownFrom : data));
  };

  function say(words) {
    view.note.textContent = words;
    view.alert.textContent = "";
  }

  function failed(error) {
    view.note.textContent = "";
    view.alert.textContent = error.message[0].toUpperCase() + error.message.slice(1);
    // What was refused is not in force: the controls say so.
    if (game().about) board.tell(game());
  }

  new ResizeObserver(() => {
    if (root.clientWidth) refresh();
  }).observe(root);
  // The class is written at every answer (core/api.js): only another scheme asks for other colours.
  const dark = () => document.body.classList.contains("dark");
  let scheme = dark();
  new MutationObserver(() => {
    if (dark() === scheme) return;
    scheme = dark();
    for (const each of all()) each.repaint();
    refresh();
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  addEventListener("pagehide", () => {
    for (const { game } of all()) game.leave();
  });
}
