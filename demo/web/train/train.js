// Train: the live view of one run. Every payload says all, so the newest alone decides what is shown.
(() => {
  const { copyAddress, make, mark, myRuns, pageAddress, runCharts, saveAs, sheets, spanOf, stage, status, takeaway, tenths, timeline, url } = window.ganscope;
  const COLUMNS = ["step", "seconds", "progress", "images_per_second", "d_loss", "g_loss", "d_real", "d_fake", "distance"];
  const EMPTY = Object.fromEntries(COLUMNS.map((name) => [name, []]));
  const SUGGESTED_SIZE = 64;
  const ACROSS = 8; // pictures in a row of a sheet of fakes, and of the data before a run
  const SAVED_SCALE = 2;
  // Widths in CSS pixels. From WIDE on, charts stand beside the pictures; from MIDDLE on, the reals.
  const WIDE = 900, MIDDLE = 600;
  // The most that the fakes take (8 × 64 and seven gaps), the gaps of the layout (train.css), and
  // what charts like to have.
  const FAKES_ROOM = 519, BESIDE = 12, APART = 24, CHARTS_ROOM = 340;
  const MOST_REAL_COLUMNS = { wide: 2, middle: 4 };
  const REAL_ROWS_BELOW = 2;

  window.ganscope.train = (element, props, trigger, watch) => {
    let payload = { state: "idle", points: EMPTY }, shown = null, reals = null, plan = null;
    let held = null, pointed = null, announced = "";
    const store = sheets.store(showNearest), noise = sheets.noise(), blank = make("canvas", { width: 1, height: 1 });
    const framePath = (index) => `runs/${payload.id}/frame/${payload.points.step[index]}`;
    const history = timeline({ show: showMoment, prefetch: (places) => store.prefetch(places.map(framePath)) });
    const actions = { pick: history.pick, hover: point };
    const charts = {
      losses: runCharts.losses(actions), beliefs: runCharts.beliefs(actions), distance: runCharts.distance(actions),
    };
    const view = build(element.querySelector(".gs-train"), history, charts, { save, explore, copy });
    const taken = takeaway.ofRun(() => payload.id);
    view.live.append(taken.element);

    const screen = stage((frame) => {
      shown?.sheet.close();
      shown = frame;
      paintFakes();
    });
    const askFrame = sheets.newestSheet(store, offer);
    const askReals = sheets.newestSheet(store, (sheet) => {
      reals = sheet;
      paintReals();
    });

    function update() {
      const before = payload;
      payload = { state: "idle", points: EMPTY, ...props.value };
      if (payload.id !== before.id) {
        shown?.sheet.close();
        shown = null;
      }
      showWords();
      findReals();
      // So that a reload shows this run again, with all its history.
      if (payload.id && payload.id !== before.id) {
        window.history.replaceState(null, "", `?run=${payload.id}`);
        myRuns.add(payload.id);
        taken.update();
        comeIntoView();
      }
      if (payload.id !== before.id || payload.size !== before.size) layOut();
      updateCharts();
      history.update(payload.points, payload.id);
    }

    // A run may be started from a button far below its pictures.
    function comeIntoView() {
      const { top } = element.getBoundingClientRect();
      if (top < 0 || top > window.innerHeight / 2) element.scrollIntoView();
    }

    function showMoment(index, isHeld) {
      held = isHeld ? index : null;
      moveCursor();
      // Nobody looks while another tab is open: the newest frame is fetched on return.
      if (!view.live.clientWidth) return;
      screen.aim(payload.id, payload.points.step[index]);
      if (!store.has(framePath(index))) showNearest();
      askFrame(frameAt(index));
    }

    function frameAt(index) {
      const { step, seconds } = payload.points;
      return { path: framePath(index), step: step[index], seconds: seconds[index], id: payload.id, turn: screen.turn() };
    }

    function offer(frame) {
      if (frame.id !== payload.id || !screen.offer(frame, frame.turn, frame.step)) frame.sheet.close();
    }

    // Until the frame that is wished for comes, the nearest of those that are here.
    async function showNearest() {
      const { step } = payload.points, { goal, key } = screen.turn();
      if (key !== payload.id) return;
      const gap = (index) => Math.abs(step[index] - goal);
      const here = [...step.keys()].filter((index) => store.has(framePath(index)));
      if (!here.length) return;
      const frame = frameAt(here.reduce((best, index) => (gap(index) < gap(best) ? index : best)));
      if (screen.wants(frame.turn, frame.step)) offer({ ...frame, sheet: await store.open(frame.path) });
    }

    function point(index) {
      pointed = index;
      moveCursor();
    }

    function moveCursor() {
      for (const one of Object.values(charts)) one.cursor(pointed ?? held);
    }

    // What was looked at in the form, before a run shows its own.
    let looked = null;
    window.addEventListener("ganscope:looked", ({ detail }) => {
      looked = detail;
      findReals();
    });

    function findReals() {
      const { id, data, has_real: ready, size, real_path: dataPath } = payload;
      const path = ready ? `runs/${id}/real` : dataPath;
      if (looked && !ready && (!id || data === looked.data)) {
        reals = looked;
        view.source.textContent = looked.data;
        paintReals();
      } else if (path) askReals({ path, data, size: ready ? size : null });
      else if (reals && reals.data !== data) {
        reals = null;
        paintReals();
      }
    }

    function showWords() {
      const { state, message, points, has_weights: ended } = payload;
      const last = points.step.length - 1, progress = points.progress[last] || 0;
      view.status.textContent = status.statusOf(payload, last);
      view.pace.textContent = status.paceOf(payload, last);
      view.facts.textContent = last < 0 ? "nothing learned yet" : status.factsOf(payload);
      view.hint.textContent = message ? "" : status.HINTS[state];
      // Set only when it is another one: an alert is read aloud each time.
      if (view.alert.textContent !== (message || "")) view.alert.textContent = message || "";
      view.source.textContent = payload.data || "";
      view.notes.textContent = (payload.notes || []).join(" ");
      view.bar.style.transform = `scaleX(${progress})`;
      view.progress.setAttribute("aria-valuenow", Math.round(progress * 100));
      view.save.disabled = view.link.disabled = last < 0;
      view.explore.hidden = view.weights.hidden = !ended;
      taken.element.hidden = last < 0;
      taken.ended(ended);
      if (ended) view.weights.href = url(`runs/${payload.id}/weights.zip`);
      announce(state, progress);
    }

    // Spoken at changes of state and at each quarter, not eight times a second.
    function announce(state, progress) {
      const quarter = state === "running" ? Math.floor(progress * 4) : 0;
      const news = [payload.id, state, payload.place, quarter].join();
      if (news === announced) return;
      announced = news;
      view.spoken.textContent = (quarter ? `${quarter * 25} percent. ` : "") + view.status.textContent;
    }

    function updateCharts() {
      const { points: columns, budget, floor, metric, state } = payload;
      const span = spanOf(columns.seconds.at(-1), budget?.seconds, status.ACTIVE.includes(state));
      charts.losses.update({ columns, span });
      charts.beliefs.update({ columns, span });
      charts.distance.update({ columns, span, reference: runCharts.ruleAt(floor), caption: metric });
    }

    function layOut() {
      const width = view.live.clientWidth;
      if (width) {
        plan = planOf(width, payload.size || SUGGESTED_SIZE);
        view.live.dataset.layout = plan.layout;
      }
      paintFakes();
      paintReals();
    }

    function paintFakes() {
      if (!plan) return;
      const side = plan.fakes.columns;
      const [sheet, size] = shown ? [shown.sheet, shown.sheet.width / ACROSS] : [noise, sheets.NOISE_SIDE];
      sheets.paintSheet(view.fakes, sheet, size, plan.fakes, side, side);
      const when = shown ? `at step ${shown.step}, after ${tenths(shown.seconds)} seconds` : "before training: noise";
      view.fakes.setAttribute("aria-label", `${side * side} fakes, drawn by the generator from fixed seeds, ${when}`);
    }

    function paintReals() {
      if (!plan) return;
      const sheet = reals ? reals.sheet : blank;
      const size = reals ? reals.size || sheet.width / ACROSS : 1;
      sheets.paintSheet(view.reals, sheet, size, plan.fakes, plan.realColumns, plan.realRows);
      view.reals.setAttribute("aria-label", reals ? `Real pictures: ${reals.data}` : "No real pictures yet");
    }

    async function save() {
      const { path, step, id } = shown;
      const sheet = await store.open(path);
      const canvas = make("canvas", { width: sheet.width * SAVED_SCALE, height: sheet.height * SAVED_SCALE });
      const pen = canvas.getContext("2d");
      pen.imageSmoothingEnabled = false;
      pen.drawImage(sheet, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => saveAs(blob, `ganscope-${id}-step-${step}.png`));
    }

    function explore() {
      trigger("explore", { id: payload.id });
      window.scrollTo(0, 0);
    }

    // Everyone with the link watches this run; only who started it may stop it.
    async function copy() {
      view.hint.textContent = await copyAddress(`${pageAddress()}?run=${payload.id}`);
    }

    watch("value", update);
    update();
    new ResizeObserver(() => {
      layOut();
      history.update(payload.points, payload.id);
    }).observe(view.live);
  };

  // Reals are drawn as large as the fakes, so that only what they show differs.
  function planOf(width, size) {
    const layout = width >= WIDE ? "wide" : width >= MIDDLE ? "middle" : "narrow";
    const fakes = sheets.fit(Math.min(width - 2, FAKES_ROOM), size);
    if (layout === "narrow") return { layout, fakes, realColumns: fakes.columns, realRows: REAL_ROWS_BELOW };
    const taken = sheets.span(fakes, fakes.columns) / fakes.ratio + BESIDE + (layout === "wide" ? APART + CHARTS_ROOM : 0);
    const columns = Math.floor(((width - taken - 2) * fakes.ratio) / (fakes.cell + fakes.gap));
    const realColumns = Math.max(1, Math.min(columns, MOST_REAL_COLUMNS[layout]));
    return { layout, fakes, realColumns, realRows: fakes.columns };
  }

  function build(root, history, charts, actions) {
    const text = (className) => make("span", { className });
    const button = (label, onclick) => make("button", { type: "button", onclick }, label);
    const canvas = () => make("canvas", { className: "gs-picture", role: "img" });
    const label = (actor, shape, word, note) =>
      make("h3", { className: `gs-label gs-${actor}-label` }, mark(shape), word, note);
    const view = {
      status: make("strong", { className: "gs-status" }), pace: text("gs-quiet"),
      facts: text("gs-quiet"), notes: make("p", { className: "gs-quiet gs-notes" }),
      bar: make("div"), hint: text("gs-quiet"), alert: make("span", { className: "gs-alert", role: "alert" }),
      spoken: make("p", { className: "gs-hidden", "aria-live": "polite" }),
      source: text("gs-quiet"), fakes: canvas(), reals: canvas(),
      save: button("Save picture", actions.save),
      explore: button("Explore this model", actions.explore),
      link: button("Copy link to this run", actions.copy),
      weights: make("a", { className: "gs-button", download: "" }, "Download weights"),
    };
    view.explore.className = "gs-next";
    view.progress = make("div", {
      className: "gs-progress", role: "progressbar", "aria-label": "Progress of the run", "aria-valuemin": 0, "aria-valuemax": 100,
    }, view.bar);
    view.live = make("div", { className: "gs-live" },
      make("div", { className: "gs-head" },
        make("div", { className: "gs-headline" }, view.status, view.pace),
        view.progress, make("div", { className: "gs-note" }, view.hint, view.alert), view.notes, view.spoken),
      make("div", { className: "gs-fakes" }, label("fake", "diamond", "Fakes", view.facts), view.fakes),
      history.element,
      make("div", { className: "gs-reals" }, label("real", "circle", "Reals", view.source), view.reals),
      make("div", { className: "gs-charts" }, ...Object.values(charts).map((one) => one.element)),
      make("div", { className: "gs-row gs-after" }, view.explore, view.weights, view.save, view.link));
    root.append(view.live);
    return view;
  }
})();
