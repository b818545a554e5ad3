// Points: the tab. One game, or two from the same seed, with what they share: stage, board, charts, history.
(() => {
  const { copyAddress, make, pointsApi: api, pointsBoard, pointsPad, pointsSide, pointsSlow, saveAs, timeline } = window.ganscope;
  const PACES = [["full speed", null], ["100 steps/s", 100], ["20 steps/s", 20], ["5 steps/s", 5], ["1 step/s", 1]];
  // What another method leaves as it was chosen: the data and the networks.
  const KEPT = ["data", "seed", "steps", "z_dim", "noise", "depth", "d_depth", "width", "d_width", "activation"];
  const OWN = "own.csv";
  const MOST_STEPS = 100_000; // that a link may ask for

  window.ganscope.points = (element) => {
    const root = element.querySelector(".gs-points");
    let offers = null, started = false, held = null, picked = null, chosen = "A";
    const sides = { A: side("A") };
    const side_ = () => sides[chosen];
    const game = () => side_().game;
    const all = () => Object.values(sides);

    const board = pointsBoard({ choose, pick });
    const pad = pointsPad({ use: useOwn, leave: () => showData(), failed });
    const history = timeline({ show: showMoment, prefetch: () => {}, of: "the game", words: ({ step }) => `step ${Math.floor(step).toLocaleString("en")}` });
    const slow = pointsSlow({ step: slowStep, show: showPart, changed: showButtons });
    const view = build();

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
        showClouds();
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
        if (sides[name].game.restarted) say(sides[name].game.restarted);
      }
      if (!due) due = requestAnimationFrame(() => { due = 0; refresh(); });
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
      if (game().recorded || !game().id) await game().open(settings, game().points);
      else await game().change(settings);
      board.tell(game());
    }

    async function learn(data, points = null) {
      slow.stop();
      say("");
      const { steps: _, ...settings } = game().settings;
      await Promise.all(all().map((each) => each.game.open({ ...each.game.settings, ...(each === side_() ? settings : {}), data, limit: undefined }, points)));
      all().forEach((each) => each.game.play(pace()));
    }

    async function useOwn(points, words = "") {
      await learn(OWN, points);
      if (words) say(words);
    }

    const pace = () => PACES[view.pace.selectedIndex][1];

    // A game that was only looked at has to be begun before it can go on.
    async function begun() {
      await Promise.all(all().filter(({ game }) => game.recorded || !game.id).map(({ game }) => game.open(game.settings, game.points)));
    }

    async function playOrPause() {
      slow.stop();
      say("");
      follow();
      if (all().some(({ game }) => game.running)) return all().forEach(({ game }) => game.pause());
      await begun();
      all().forEach(({ game }) => game.play(pace()));
    }

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
      if (game().recorded || game().frames.at(-1)?.step >= goal) await reset();
      else await begun();
      follow();
      all().forEach(({ game }) => game.play(pace(), goal));
    }

    async function changePace() {
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
      view.play.textContent = running ? "Pause" : recorded ? "Play anew" : "Play";
      view.reals.hidden = !game().points;
      view.slow.setAttribute("aria-pressed", String(slow.on()));
      for (const button of [view.step, view.onlyD, view.onlyG, view.slow]) button.disabled = busy || over;
      const last = frames.at(-1);
      view.status.textContent = statusOf({ running, recorded, over, last, busy });
      announce(running, last);
      view.cost.textContent = running && game().pace ? `${Math.round(game().pace).toLocaleString("en")} steps/s` : "";
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
      const half = last.half ? `, then ${last.half === "d" ? "D" : "G"} alone` : "";
      if (recorded) return `A finished game: ${step}`;
      if (over) return `Ended at ${step}: its numbers became infinite. Press Reset.`;
      if (!running && last.step === game().settings.steps) return `Finished: ${step}`;
      return running ? `Playing: ${step}` : `Paused at ${step}${half}`;
    }

    function showMarks() {
      const { marks } = game();
      view.marks.hidden = !marks.length;
      view.marks.replaceChildren(...marks.map(({ at, words }) => make("li", {}, `From step ${Math.floor(at).toLocaleString("en")}: ${words.join("; ")}.`)));
    }

    function showClouds() {
      const chip = (name, title, say, picture, onclick) => make("button", {
        type: "button", className: "gs-chip", title: say, "aria-pressed": "false", "data-name": name, onclick,
      }, picture, title);
      view.clouds.replaceChildren(
        ...offers.clouds.map(({ name, title, description, points }) => chip(name, title, description, thumbnail(points), () => { pad.close(); learn(name); })),
        chip("draw", "Draw", "Draw what it shall learn", make("span", { className: "gs-chip-sign", "aria-hidden": "true" }, "✎"), () => { all().forEach(({ game }) => game.running && game.pause()); pad.draw(); showData("draw"); }),
        chip("csv", "Paste", "Paste or upload points", make("span", { className: "gs-chip-sign", "data-small": "", "aria-hidden": "true" }, "0.5,1\n2.1,0"), () => { pad.paste(); showData("csv"); }));
      showData();
    }

    function thumbnail(points) {
      const canvas = make("canvas", { width: 88, height: 88, "aria-hidden": "true" }), pen = canvas.getContext("2d");
      pen.fillStyle = side_().palette().real;
      for (let i = 0; i < points.length; i += 2) pen.fillRect(3 + points[i] * 0.8, 80 - points[i + 1] * 0.8, 2.4, 2.4);
      return canvas;
    }

    function showData(open) {
      const { data } = game().settings;
      for (const chip of view.clouds.children) {
        const own = data === OWN && !open && chip.dataset.name === "draw";
        chip.setAttribute("aria-pressed", String(chip.dataset.name === (open ?? data) || own));
      }
    }

    // Share and save.
    function link() {
      const { points, frames } = game(), place = held ?? frames.at(-1)?.place ?? 0;
      const text = api.encode({ settings: sides.A.game.settings, step: Math.floor(place), points, pair: sides.B?.game.settings });
      return `${location.href.split(/[?#]/)[0]}?points=${text}`;
    }

    async function copy() {
      const said = await copyAddress(link());
      const thin = game().points && game().points.length / 2 > api.MOST_LINKED;
      say(thin ? `${said} It carries ${api.MOST_LINKED} of your ${(game().points.length / 2).toLocaleString("en")} points.` : said);
    }

    const nameOf = (ending) => `ganscope-${game().settings.data ?? "ring"}-step-${Math.floor(held ?? game().frames.at(-1)?.place ?? 0)}${ending}`;
    const savePicture = () => side_().stage.toBlob((blob) => saveAs(blob, nameOf(".png")));

    async function saveGif() {
      say("Drawing the animation…");
      try {
        saveAs(await api.gif(await side_().film(), 80), nameOf(".gif"));
        say("The animation is saved.");
      } catch (error) {
        failed(error);
      }
    }

    async function saveFakes() {
      try {
        await begun();
        if (game().id) saveAs(await api.samples(game().id), nameOf(".csv"));
      } catch (error) {
        failed(error);
      }
    }

    function saveReals() {
      const { points } = game(), rows = Array.from({ length: points.length / 2 }, (_, i) => `${points[2 * i]},${points[2 * i + 1]}`);
      saveAs(new Blob([["x,y", ...rows, ""].join("\n")], { type: "text/csv" }), OWN);
    }

    async function copyCommand() {
      try {
        await navigator.clipboard.writeText(game().command);
        say(`Copied: ${game().command}`);
      } catch {
        say(game().command);
      }
    }

    function say(words) {
      view.note.textContent = words;
      view.alert.textContent = "";
    }

    function failed(error) {
      view.note.textContent = "";
      view.alert.textContent = error.message;
    }

    function build() {
      const button = (label, onclick, className = "", title = "") => make("button", { type: "button", className, title, onclick }, label);
      const v = {
        clouds: make("div", { className: "gs-clouds", role: "group", "aria-label": "Data: what to learn" }),
        play: button("Play", playOrPause, "gs-main gs-play-button"),
        step: button("Step", () => each("step"), "", "One step of both players"),
        onlyD: button("D only", () => each("step_of", { player: "d" }), "", "Only the discriminator learns"),
        onlyG: button("G only", () => each("step_of", { player: "g" }), "", "Only the generator learns"),
        slow: button("Slow motion", () => slow.toggle(), "", "One step, part by part"),
        reset: button("Reset", reset, "", "Back to the same first weights"),
        pace: make("select", { "aria-label": "Speed", onchange: changePace }, ...PACES.map(([words]) => make("option", {}, words))),
        goal: make("input", { type: "number", min: 1, step: 1, value: 1000, "aria-label": "Step to run to" }),
        status: make("strong", { className: "gs-status" }), cost: make("span", { className: "gs-quiet" }),
        note: make("span", { className: "gs-quiet" }), alert: make("span", { className: "gs-alert", role: "alert" }),
        spoken: make("p", { className: "gs-hidden", "aria-live": "polite" }),
        finding: make("div", { className: "gs-finding", hidden: true, role: "status" }),
        marks: make("ul", { className: "gs-change-list", hidden: true, "aria-label": "What was changed" }),
        stages: make("div", { className: "gs-stages", "data-count": 1 }, sides.A.element),
        charts: make("div", { className: "gs-point-charts" }, ...sides.A.charts),
      };
      v.reals = button("Your points as CSV", saveReals);
      v.both = button("Two side by side", both, "", "A second game from the same seed");
      sides.A.stageBox.append(pad.paper);
      root.append(
        v.clouds,
        make("div", { className: "gs-play-row" },
          make("div", { className: "gs-row gs-player" }, v.play, v.step, v.onlyD, v.onlyG, v.slow, v.reset),
          make("div", { className: "gs-row" }, v.pace, v.goal, button("Run to step", runTo))),
        make("div", { className: "gs-play-view" },
          make("div", { className: "gs-play-left" },
            make("div", { className: "gs-headline" }, v.status, v.cost), v.spoken, make("div", { className: "gs-note" }, v.note, v.alert), pad.element,
            v.stages, history.element, v.finding,
            make("div", { className: "gs-row gs-after" }, v.both, button("Copy link", copy), button("Picture", () => savePicture()), button("GIF", saveGif),
              button("Fakes as CSV", saveFakes), v.reals, button("Command line", copyCommand))),
          make("div", { className: "gs-play-right" }, board.element, v.charts, v.marks)));
      return v;
    }

    new ResizeObserver(() => { if (root.clientWidth) refresh(); }).observe(root);
    new MutationObserver(() => { all().forEach((each) => each.repaint()); refresh(); }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    addEventListener("pagehide", () => all().forEach(({ game }) => game.leave()));
  };
})();
