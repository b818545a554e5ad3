// Points: the tab. One game, or two from the same seed, with what they share: stage, board, charts, history.
(() => {
  const {
    make, pointsApi: api, pointsBoard, pointsClouds, pointsPad, pointsShare, pointsSide, pointsSlow, pointsView, timeline,
  } = window.ganscope;
  // What another method leaves as it was chosen: the data and the networks.
  const KEPT = ["data", "seed", "steps", "z_dim", "noise", "depth", "d_depth", "width", "d_width", "activation"];
  const { OWN } = api;
  const MOST_STEPS = 100_000; // that a link may ask for

  window.ganscope.points = (element) => {
    const root = element.querySelector(".gs-points");
    let offers = null, started = false, held = null, picked = null, chosen = "A", ownFrom = "draw";
    const sides = { A: side("A") };
    const side_ = () => sides[chosen];
    const game = () => side_().game;
    const all = () => Object.values(sides);

    const board = pointsBoard({ choose, pick });
    const pad = pointsPad({ use: useOwn, leave: () => { say(""); showData(); }, failed });
    const history = timeline({ show: showMoment, prefetch: () => {}, of: "the game", words: ({ step }) => `step ${Math.floor(step).toLocaleString("en")}` });
    const slow = pointsSlow({ step: slowStep, show: showPart, changed: showButtons });
    const clouds = pointsClouds({
      learn: (name) => { pad.close(); learn(name); },
      draw: () => { all().forEach(({ game }) => game.running && game.pause()); pad.draw(); showData("draw"); },
      paste: () => { pad.paste(); showData("csv"); },
      colour: () => side_().palette().real,
    });
    const share = pointsShare({
      shown: side_, begun, say, failed, place: () => held ?? game().frames.at(-1)?.place ?? 0,
      settings: () => [sides.A.game.settings, sides.B?.game.settings],
    });
    const view = pointsView({
      playOrPause, each, reset, runTo, changePace, both, slow: () => slow.toggle(), next: () => slow.next(), hold: () => slow.hold(),
      parts: { clouds: clouds.element, pad: pad.element, history: history.element, board: board.element, share: share.buttons },
    });
    view.stages.append(sides.A.element);
    view.charts.append(...sides.A.charts);
    sides.A.stageBox.append(pad.paper);
    root.append(...view.elements);

    function side(name) {
      return pointsSide({ name, changed: (what) => heard(name, what), failed, pick, pickMoment: (index) => history.pick(index), choose: () => select(name) });
    }

    // The tab costs nothing until it is opened.
    new IntersectionObserver(([seen]) => { if (seen.isIntersecting && !started) start(); }).observe(root);

    async function start() {
      started = true;
      try {
        offers = await api.about();
        board.offer(offers.methods);
        clouds.offer(offers.clouds);
        showData();
        const asked = new URLSearchParams(location.search).get("points");
        const wanted = asked && api.decode(asked);
        if (wanted) await reopen(wanted);
        else {
          game().record(await api.show());
          if (asked) failed(new Error("The link is damaged: here is a game to begin with."));
          else say("Drag its history back to the start, or play it anew.");
        }
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
      if (goal > MOST_STEPS) failed(new Error(`The link asks for step ${goal.toLocaleString("en")}: at most ${MOST_STEPS.toLocaleString("en")} are repeated.`));
      const last = Math.min(goal, MOST_STEPS);
      if (last) all().forEach(({ game }) => game.play(null, last));
    }

    // News of a game. A frame is drawn once a screen frame, however often it is told.
    let due = 0;
    function heard(name, what) {
      if (what === "about") {
        if (name === chosen) board.tell(game());
        showTitles();
        showData();
        showMarks();
        restartOthers(name);
      }
      if (!due) due = requestAnimationFrame(() => { due = 0; refresh(); });
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
      all().forEach((each) => each.show(held, picked));
      const shown = side_().shown();
      if (shown) board.paint({ frame: shown, palette: side_().palette(), picked });
    }

    function showPart(part) {
      board.dim(part?.boxes);
      all().forEach((each) => each.part(each === side_() ? part : null));
      if (part) board.paint({ frame: part.frame, palette: side_().palette(), picked });
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
      const now = game().settings;
      const kept = name === "method" ? Object.fromEntries(Object.entries(now).filter(([key]) => KEPT.includes(key))) : { ...now };
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

    async function learn(data, points = null) {
      slow.stop();
      say("");
      await Promise.all(all().map(({ game }) => game.open({ ...game.settings, data }, points)));
      all().forEach((each) => each.game.play(pace()));
    }

    async function useOwn(points, from, words = "") {
      ownFrom = from;
      await learn(OWN, points);
      if (words) say(words);
    }

    const pace = () => Number(view.pace.value) || null;

    // A game that was only looked at has to be begun before it can go on.
    async function begun() {
      await Promise.all(all().filter(({ game }) => game.recorded || !game.id).map(({ game }) => game.open(game.settings, game.points)));
    }

    async function playOrPause() {
      slow.stop();
      say("");
      follow();
      if (all().some(({ game }) => game.running)) return pauseAlike();
      if (finished()) await reset();
      await begun();
      all().forEach(({ game }) => game.play(pace()));
    }

    // Both rest at the same step: the one that is behind catches up.
    async function pauseAlike() {
      await Promise.all(all().map(({ game }) => game.pause()));
      const goal = Math.max(...all().map(({ game }) => game.frames.at(-1)?.step ?? 0));
      all().filter(({ game }) => game.frames.at(-1)?.step < goal).forEach(({ game }) => game.play(null, goal));
    }

    // Whether further steps would change nothing: learning rates have fallen to 0.
    const finished = () => all().every(({ game: { frames, settings, about, recorded } }) =>
      !recorded && about?.chosen.lr_end === 0 && frames.at(-1)?.step >= settings.steps);

    const follow = () => history.follow();

    async function each(name, values) {
      slow.stop();
      follow();
      await begun();
      await Promise.all(all().map(({ game }) => game.ask(name, values)));
    }

    async function slowStep() {
      follow();
      await begun();
      const answers = await Promise.all(all().map(({ game }) => game.ask("slowly")));
      return answers[all().indexOf(side_())]?.frames ?? null;
    }

    async function reset() {
      slow.stop();
      say("");
      await Promise.all(all().map(({ game }) => game.open(game.settings, game.points)));
    }

    async function runTo() {
      slow.stop();
      say("");
      const goal = Number(view.goal.value);
      if (!Number.isInteger(goal) || goal < 1) return failed(new Error("Type a step to run to: a whole number from 1."));
      // A game that goes on could pass the goal while it is asked.
      await Promise.all(all().filter(({ game }) => game.running).map(({ game }) => game.pause()));
      if (game().recorded || game().frames.at(-1)?.step >= goal) {
        await reset();
        say(`Begun anew from step 0, to stop at step ${goal.toLocaleString("en")}.`);
      } else await begun();
      follow();
      all().forEach(({ game }) => game.play(pace(), goal));
    }

    function changePace() {
      all().filter(({ game }) => game.running).forEach(({ game }) => game.play(pace()));
    }

    function addSide() {
      sides.B = side("B");
      view.stages.append(sides.B.element);
      view.stages.dataset.count = 2;
      view.both.textContent = "One game only";
      showTitles();
    }

    // Two from the same seed: B begins as a copy, to be changed.
    async function both() {
      slow.stop();
      if (sides.B) {
        sides.B.game.leave();
        sides.B.element.remove();
        delete sides.B;
        chosen = "A";
        view.stages.dataset.count = 1;
        view.both.textContent = "Two side by side";
        showTitles();
        return select("A");
      }
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
      all().forEach((each) => each.title(named(each), each.name === chosen));
      if (view.charts.firstChild !== side_().charts[0]) view.charts.replaceChildren(...side_().charts);
    }

    const titleOf = (method = "quick") => offers?.methods.flatMap((group) => group.methods).find(({ name }) => name === method)?.title ?? method;

    async function cure() {
      const { cure } = game().finding ?? {};
      if (!cure) return;
      slow.stop();
      await game().open(cure, game().points);
      game().play(pace());
    }

    function showFinding() {
      const { finding } = game();
      view.finding.hidden = !finding;
      if (!finding || view.finding.dataset.words === finding.words) return;
      view.finding.dataset.words = finding.words;
      const changes = make("ul", {}, ...(finding.changes ?? []).map((change) => make("li", {}, change)));
      view.finding.replaceChildren(make("p", {}, finding.words),
        ...(finding.cure ? [make("button", { type: "button", className: "gs-next", onclick: cure }, "Start again, cured"), changes] : []));
    }

    function showButtons() {
      const running = all().some(({ game }) => game.running);
      const { recorded, over, frames, busy } = game();
      view.play.textContent = running ? "Pause" : recorded || finished() ? "Play anew" : "Play";
      view.parts.hidden = !slow.on();
      view.hold.setAttribute("aria-pressed", String(slow.held()));
      share.update();
      view.slow.setAttribute("aria-pressed", String(slow.on()));
      for (const button of [view.step, view.onlyD, view.onlyG, view.slow]) button.disabled = busy || over;
      const last = frames.at(-1);
      view.status.textContent = statusOf({ running, recorded, over, last, busy });
      announce(running, last);
      view.speed.textContent = running && game().pace ? `${Math.round(game().pace).toLocaleString("en")} ${Math.round(game().pace) === 1 ? "step" : "steps"}/s` : "";
    }

    // Spoken when a game starts or rests, not at every step.
    let spoken = "";
    function announce(running, last) {
      const state = `${game().id} ${running}`;
      if (!last || state === spoken) return;
      spoken = state;
      view.spoken.textContent = running ? view.status.textContent : `${view.status.textContent}. ${side_().facts()}`;
    }

    function statusOf({ running, recorded, over, last, busy }) {
      if (busy) return "Setting up…";
      if (!last) return "";
      const step = `step ${last.step.toLocaleString("en")}`;
      if (slow.on()) return `Slow motion: to ${step}`;
      const half = last.half ? `, then ${last.half === "d" ? "D" : "G"} alone` : "";
      if (recorded) return `A finished game: ${step}`;
      if (over) return `Ended at ${step}: its numbers became infinite. Press Reset.`;
      if (!running && last.step === game().settings.steps) return `Finished: ${step}`;
      return running ? `Playing: ${step}` : `Paused at ${step}${half}`;
    }

    function showMarks() {
      const { marks } = game();
      view.changes.hidden = !marks.length;
      view.changes.replaceChildren(...marks.map(({ at, words }) => make("li", {}, `From step ${Math.floor(at).toLocaleString("en")}: ${words.join("; ")}.`)));
    }

    const showData = (open) => clouds.show(open ?? (game().settings.data === OWN ? ownFrom : game().settings.data));

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

    new ResizeObserver(() => { if (root.clientWidth) refresh(); }).observe(root);
    // The class is written at every answer (common.js): only another scheme asks for other colours.
    const dark = () => document.body.classList.contains("dark");
    let scheme = dark();
    new MutationObserver(() => {
      if (dark() === scheme) return;
      scheme = dark();
      all().forEach((each) => each.repaint());
      refresh();
    }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    addEventListener("pagehide", () => all().forEach(({ game }) => game.leave()));
  };
})();
