// Compare: up to four runs beside each other, scrubbed by one slider in steps.
(() => {
  const { chart, copyAddress, make, myRuns, number, pageAddress, runCharts, sheets, spanOf, status, timeline } = window.ganscope;
  const ACROSS = 8; // pictures in a row of a run's sheet
  const NOTHING = { step: [], seconds: [], distance: [] };
  const MOST_SAID = 4; // differences that are shown without being asked for
  const SHAPES = { A: "circle", B: "square", C: "triangle", D: "diamond" };
  const DASHES = { A: "", B: "7 3", C: "2 3", D: "9 3 2 3" };
  const INTRODUCTION = "Press Compare: A learns first, then B, each from the same start.";

  window.ganscope.compare = (element, props, trigger, watch) => {
    let sides = [], ids = "", steps = [], distance = null;
    const noise = sheets.noise();
    const history = timeline({
      of: "all sides", show: showMoment, words: ({ step }) => `step ${step.toLocaleString("en")}`,
      prefetch: (places) => sides.forEach((side) => side.prefetch(places.map((place) => steps[place]))),
    });
    const view = build(element.querySelector(".gs-compare"), history, copy);

    function update() {
      const told = props.value?.sides || [];
      if (told.map((side) => side.name).join() !== sides.map((side) => side.name).join()) rebuild(told);
      told.forEach((side, i) => sides[i].update(side));
      const now = told.map((side) => side.id).filter(Boolean).join();
      if (now !== ids) {
        ids = now;
        if (now) window.history.replaceState(null, "", `?compare=${now}`);
        // The last is the newest.
        now.split(",").filter(Boolean).forEach(myRuns.add);
      }
      view.copy.disabled = !ids;
      // Nothing to read off yet: empty axes would only part the pictures from the form.
      view.overlay.hidden = view.charts.hidden = !ids;
      steps = [...new Set(sides.flatMap((side) => side.points.step))].sort((a, b) => a - b);
      showWords(told);
      updateDistance();
      follow();
    }

    const follow = () => history.update({ step: steps }, ids.split(",")[0]);

    function rebuild(told) {
      sides = told.map(({ name }) => makeSide(name, noise, (id) => {
        trigger("explore", { id });
        window.scrollTo(0, 0);
      }));
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
      distance.update({ columns, floors, reference: runCharts.ruleAt(floor), span: Math.max(steps.at(-1) || 0, 1), caption: alike() ? sides.map((side) => side.metric).find(Boolean) : "" });
    }

    // Runs chosen from the table may have learned other pictures: their distances tell nothing then.
    const alike = () => new Set(sides.map((side) => side.ground).filter(Boolean)).size <= 1;

    function showWords(told) {
      const active = told.find((side) => status.ACTIVE.includes(side.state)), next = told.find((side) => side.state === "planned");
      const text = active ? `${active.name}: ${status.statusOf(active, active.points.step.length - 1)}`
        : next ? `${next.name} is next.` : told.some((side) => side.id) ? verdict() : INTRODUCTION;
      view.status.textContent = text;
      const spoken = active ? `${active.name}: ${active.state}` : text;
      if (view.spoken.textContent !== spoken) view.spoken.textContent = spoken;
    }

    // Which side came nearest to the real pictures, and by how much.
    function verdict() {
      const ends = sides.map(({ name, points }) => ({ name, value: points.distance.findLast((value) => value !== null) }))
        .filter(({ value }) => value !== undefined).sort((a, b) => a.value - b.value);
      if (ends.length < 2 || !alike()) return "Done.";
      const [best, next] = ends, factor = next.value / best.value;
      return factor < 1.05
        ? `Done: ${best.name} and ${next.name} came about equally near to the real pictures.`
        : `Done: ${best.name} came nearest to the real pictures; ${next.name}'s distance is ${number(factor, 2)} times as large.`;
    }

    // Whoever has the link sees these runs beside each other, for as long as the server keeps them.
    async function copy() {
      view.hint.textContent = await copyAddress(`${pageAddress()}?compare=${ids}`);
    }

    watch("value", update);
    update();
    // What changed while another tab was open is fetched now.
    new ResizeObserver(() => {
      sides.forEach((side) => side.paint());
      follow();
    }).observe(view.live);
  };

  // All sides' distances in one chart, along steps.
  function distanceChart(names, pick) {
    return chart({
      title: "Distance to real pictures", axis: "step", log: true, pick, hover: () => {},
      series: names.map((name) => ({ name, column: name, actor: `side-${name}`, shape: SHAPES[name], dash: DASHES[name], dots: true })),
      say: ({ name }, value, { floors }) => `${name} ${runCharts.inFloors(value, floors?.[name])}`,
    });
  }

  // One side: its words, its pictures, and its own charts.
  function makeSide(name, noise, explore) {
    let told = { state: "idle" }, ask = null, shown = null, step = null;
    const store = sheets.store(() => {});
    const text = (className) => make("span", { className });
    const title = text("gs-side-title"), facts = text("gs-quiet"), end = text("gs-side-end");
    const differs = make("div", { className: "gs-differs gs-quiet" });
    const canvas = make("canvas", { className: "gs-picture", role: "img" });
    const open = make("button", { type: "button", hidden: true, onclick: () => explore(told.id) }, "Explore");
    const element = make("section", { className: "gs-side-view", "aria-label": `Side ${name}` },
      make("h3", {}, make("span", { className: `gs-badge gs-badge-${name}` }, name), title),
      differs, canvas, make("div", { className: "gs-side-facts" }, end, facts, open));
    const still = { pick: () => {}, hover: () => {} };
    const losses = runCharts.losses(still), beliefs = runCharts.beliefs(still);
    const charts = make("section", { className: "gs-side-charts", "aria-label": `Charts of ${name}` },
      make("h3", {}, make("span", { className: `gs-badge gs-badge-${name}` }, name)), losses.element, beliefs.element);
    const points = () => told.points || NOTHING;

    // Its newest moment at a step or before; the first where it has none so early; -1 for none at all.
    function placeAt(wanted) {
      const { step: steps } = points();
      const after = wanted === null ? -1 : steps.findIndex((each) => each > wanted);
      return after < 0 ? steps.length - 1 : Math.max(after - 1, 0);
    }

    const pathOf = (place) => (place < 0 ? null : `runs/${told.id}/frame/${points().step[place]}`);

    function update(side) {
      if (side.id !== told.id || !ask) begin(side.id);
      told = side;
      title.textContent = side.method || (side.state === "idle" ? "nothing yet" : "");
      showDifferences(side.differs || []);
      open.hidden = !side.has_weights;
      const span = spanOf(points().seconds.at(-1), side.budget?.seconds, status.ACTIVE.includes(side.state));
      for (const one of [losses, beliefs]) one.update({ columns: { ...NOTHING, ...points() }, span });
      aim(step);
    }

    // Another run: what was asked for the one before is not shown any more.
    function begin(id) {
      shown?.sheet.close();
      shown = null;
      ask = sheets.newestSheet(store, (frame) => {
        if (id !== told.id) return frame.sheet.close();
        shown?.sheet.close();
        shown = frame;
        paint();
      });
    }

    // The first side is what the others differ from.
    function showDifferences(lines) {
      const key = lines.join("\n");
      if (differs.dataset.key === key) return;
      differs.dataset.key = key;
      const items = lines.map((line) => make("li", {}, line));
      const rest = items.splice(MOST_SAID);
      differs.replaceChildren(make("ul", {}, ...items));
      if (rest.length) differs.append(make("details", {}, make("summary", {}, `and ${rest.length} more`), make("ul", {}, ...rest)));
    }

    function aim(wanted) {
      step = wanted;
      const place = placeAt(wanted), path = pathOf(place), cursor = wanted === null ? null : place;
      for (const one of [losses, beliefs]) one.cursor(cursor);
      showFacts(place);
      if (path && element.clientWidth) ask({ path });
      paint();
    }

    function showFacts(place) {
      const { step: steps, seconds, distance } = points();
      end.textContent = told.state === "planned" ? "Waits for its turn." : told.state === "idle" ? "" : status.statusOf(told, steps.length - 1);
      if (place < 0) {
        facts.textContent = told.message || "";
        return;
      }
      const known = distance.slice(0, place + 1).findLast((value) => value !== null);
      const far = known === undefined ? "" : ` · distance ${runCharts.inFloors(known, told.floor)}`;
      facts.textContent = `step ${steps[place].toLocaleString("en")}, ${number(seconds[place], 3)} s${far}${told.message ? `. ${told.message}` : ""}`;
    }

    function paint() {
      const width = element.clientWidth;
      if (!width) return;
      const [sheet, size] = shown ? [shown.sheet, shown.sheet.width / ACROSS] : [noise, sheets.NOISE_SIDE];
      const goal = told.size || size;
      const plan = sheets.fit(width - 2, goal, Math.max(1, Math.min(ACROSS, Math.floor((width - 2) / (goal + 1)))));
      sheets.paintSheet(canvas, sheet, size, plan, plan.columns, plan.columns);
      canvas.setAttribute("aria-label", shown ? `Fakes of side ${name}: ${facts.textContent}` : `Side ${name} before training: noise`);
    }

    return {
      name, element, charts, update, aim, paint,
      prefetch: (wanted) => store.prefetch([...new Set(wanted.map((each) => pathOf(placeAt(each))).filter(Boolean))]),
      get points() { return { ...NOTHING, ...points() }; },
      get floor() { return told.floor; },
      get metric() { return told.metric; },
      // What its distance is measured to, once there is a run.
      get ground() { return told.id && [told.data, told.size, told.channels].join(); },
    };
  }

  function build(root, history, copy) {
    const view = {
      status: make("strong", { className: "gs-status" }), hint: make("span", { className: "gs-quiet" }),
      spoken: make("p", { className: "gs-hidden", "aria-live": "polite" }),
      sides: make("div", { className: "gs-sides" }), overlay: make("div", { className: "gs-overlay" }), charts: make("div", { className: "gs-sides" }),
      copy: make("button", { type: "button", disabled: true, onclick: copy }, "Copy link to this comparison"),
    };
    view.live = make("div", { className: "gs-comparison" },
      make("div", { className: "gs-headline" }, view.status), view.spoken,
      view.sides, history.element, view.overlay, view.charts,
      make("div", { className: "gs-row" }, view.copy, view.hint));
    root.append(view.live);
    return view;
  }
})();
