// Find: a given picture, and the search for the z that makes it as it goes.
(() => {
  const {
    chart, fitWhole, job, latents, make, model, paint, pictures, query,
    findAfter, findDigits, findDrawn, findPad, findPixels, findView,
  } = window.ganscope;
  const { differenceOf, edgeLight, flatMse, imageOf, mseText, percent, pngOf, wordsFor } = findPixels;
  const MOST_PIXELS = 256, MOST_BYTES = 20e6;
  const PRESETS = { quick: { steps: 80, starts: 2 }, thorough: { steps: 300, starts: 16 } };
  // Seeds among the samples. None is below 256: the search looks at those first (gan.inversion.SEEDS).
  const OWN = Array.from({ length: 10 }, (_, i) => 1120 + i);
  const LIGHT = 0.5; // mean brightness of a picture's edge, above which it is taken for paper

  window.ganscope.find = (element, props, trigger, watch) => {
    const root = element.querySelector(".gs-find");
    const pad = findPad(() => show());
    const view = findView.build(root, pad);
    const state = { model: null, info: null, way: "draw", editing: true, contents: {}, given: null, flat: 0, looks: [], at: -1, busy: false, work: null, turn: 0 };
    const curve = chart({
      title: "Falling mse", axis: "step", log: true, series: [{ name: "mse", column: "mse", actor: "gradient", shape: "circle" }],
      say: (_, value) => mseText(value), hover: (point) => showLook(point === null ? state.at : lookAt(point)), pick: (point) => { state.at = lookAt(point); showLook(state.at); },
    });
    view.chart.append(curve.element);
    const failed = (error) => { view.error.textContent = error.message; };

    async function open(name) {
      try {
        const info = await model(name);
        stop();
        Object.assign(state, { model: name, info });
        pad.open(grey());
        const drawn = grey() ? "a digit" : "a picture";
        view.drawNote.textContent = grey() ? "It is centred and scaled as MNIST's digits are." : "It is taken as it stands on the sheet.";
        view.padHint.textContent = `Draw ${drawn} here`;
        view.drawnSamples.hidden = view.onPaper.hidden = !grey();
        if (!grey() && view.light.value === "paper") view.light.value = "kept";
        forget();
        edit();
        await showSamples();
      } catch (error) { failed(error); }
    }

    const grey = () => state.info.channels === 1;

    // The ways in: a press on one shows where its picture is made or chosen.
    function take(way) {
      state.way = way;
      edit();
    }

    function edit() {
      state.editing = true;
      show();
    }

    function show() {
      for (const [name, made] of Object.entries(view.ways)) {
        const chosen = name === state.way;
        made.setAttribute("aria-pressed", chosen);
        view.tools[name].hidden = !chosen || (name === "draw" && !state.editing);
        view.editing[name].hidden = !chosen || !state.editing;
      }
      view.given.hidden = state.editing;
      view.choose.hidden = !state.contents.picture;
      view.edit.hidden = state.way !== "draw" || state.editing;
      const task = state.busy ? "Stop the search" : "Find the latent vector that makes this picture";
      view.find.textContent = state.busy ? "Stop" : "Find it";
      view.find.title = task;
      view.find.setAttribute("aria-label", task);
      view.find.disabled = !state.busy && (state.way === "draw" ? pad.empty() : !state.contents[state.way]);
      view.foundNote.hidden = view.differenceNote.hidden = state.looks.length > 0;
      view.found.hidden = view.difference.hidden = !state.looks.length;
      view.hold.disabled = !state.looks.length;
      for (const taker of view.takers) taker.disabled = !state.looks.length || state.busy;
      fit();
      showPadHint();
    }

    const showPadHint = () => { view.padHint.hidden = !pad.empty(); };

    function fit() {
      if (!state.info) return;
      const room = view.givenBox.clientWidth;
      if (!room) return;
      fitWhole(view.given, view.givenBox, state.info.size, Math.max(MOST_PIXELS, Math.min(room, 320)));
      for (const canvas of [view.found, view.difference]) fitWhole(canvas, canvas.parentElement, state.info.size, MOST_PIXELS);
      pad.fit(Math.min(room - 2, 320));
    }
    new ResizeObserver(fit).observe(view.givenBox);

    // Nothing is found any more: the picture or the generator is another one.
    function forget() {
      state.looks = [];
      state.at = -1;
      view.error.textContent = view.verdict.textContent = view.reads.textContent = view.yardstick.textContent = view.status.textContent = "";
      for (const each of view.film) each.button.disabled = true;
      curve.update({ columns: { step: [], mse: [] }, span: numbers().steps || 1 });
    }

    async function showSamples() {
      if (grey()) view.samples.replaceChildren(...findDigits.map((lines, digit) =>
        sample(findDrawn(lines, state.info.size), `A drawn ${digit}`, () => { pad.load(lines); state.way = "draw"; search(); })));
      const name = state.model, drawn = await pictures(name, await latents(name, OWN));
      if (name !== state.model) return;
      view.seeds.replaceChildren(...drawn.map((image, i) => sample(image, `The picture of seed ${OWN[i]}`, async () => bring("sample", await pngOf(image)))));
    }

    function sample(image, label, onclick) {
      const canvas = make("canvas");
      paint(canvas, image);
      return make("button", { type: "button", title: label, "aria-label": label, onclick }, canvas);
    }

    // A picture from elsewhere is searched for at once.
    function bring(way, content) {
      if (content.size > MOST_BYTES) return failed(new Error("This picture is larger than 20 MB: save it smaller."));
      state.way = way;
      state.contents[way] = content;
      search();
    }

    const numbers = () => Object.fromEntries(Object.entries(view.numbers).map(([name, field]) => [name, field.value]));

    function wish() {
      const own = state.way === "picture"; // only there can there be anything to cut off or to swap
      return { model: state.model, edges: own ? view.edges.value : "crop", light: own ? view.light.value : "kept", ...numbers() };
    }

    // What the search is given: a drawing is shown at once as it sees it.
    function content() {
      if (state.way !== "draw") return state.contents[state.way];
      const drawn = pad.picture(state.info.size);
      paint(view.given, drawn);
      state.editing = false;
      return pngOf(drawn);
    }

    async function search() {
      stop();
      forget();
      const turn = ++state.turn;
      state.busy = true;
      view.paperHint.hidden = true;
      view.status.textContent = "Starting …";
      const given = content();
      show();
      // On a phone what is found lies below what is given.
      view.foundBox.scrollIntoView({ block: "nearest", behavior: "smooth" });
      try {
        const body = await given;
        if (turn !== state.turn) return;
        state.work = job(`find?${query(wish())}`, { method: "POST", body }, (told) => { if (turn === state.turn) hear(told); });
        await state.work.result;
        if (turn === state.turn) end("Done.");
      } catch (error) {
        if (turn !== state.turn) return;
        state.editing = true; // there may be nothing to show, and there is something to change
        end("");
        failed(error);
      }
    }

    // What a search that was stopped still sends is heard no more.
    function stop() {
      if (!state.busy) return;
      state.turn++;
      state.work?.stop();
      end("Stopped: this is what was found so far.");
    }

    function end(words) {
      Object.assign(state, { busy: false, work: null });
      view.status.textContent = state.looks.length || !words ? words : "Stopped.";
      show();
    }

    function hear({ state: stage, place, latest }) {
      if (stage === "queued") view.status.textContent = place ? `Waiting: number ${place} in line.` : "Starting …";
      if (!latest) return;
      if (!state.looks.length) showGiven(latest);
      if (latest.picture) look(latest);
    }

    function showGiven(latest) {
      state.given = imageOf(latest.given, latest);
      paint(view.given, state.given);
      state.editing = false;
      view.paperHint.hidden = state.way !== "picture" || !grey() || view.light.value !== "kept" || edgeLight(state.given) < LIGHT;
      state.flat = flatMse(state.given);
      view.yardstick.textContent = `A flat square of this picture's mean colour would have ${mseText(state.flat)}: what is not well below that shows little of the picture.`;
      show();
    }

    function look(latest) {
      if (state.looks.at(-1)?.step === latest.step) return;
      state.looks.push({ ...latest, image: imageOf(latest.picture, latest) });
      state.at = state.looks.length - 1;
      if (state.at === 0) show();
      curve.update({ columns: { step: latest.curve.map(([step]) => step), mse: latest.curve.map(([, value]) => value) }, span: latest.steps });
      view.status.textContent = `Step ${latest.step} of ${latest.steps}`;
      showFilm(latest.steps);
      showLook(state.at);
    }

    // Moments spread evenly over the steps, in their order.
    function showFilm(steps) {
      view.film.forEach((each, i) => {
        const due = (i * steps) / (view.film.length - 1), newest = state.looks.at(-1).step;
        each.button.disabled = newest < due;
        if (newest < due) return;
        const index = state.looks.findIndex(({ step }) => step >= due), { step, image } = state.looks[index];
        each.button.title = `Step ${step}`;
        each.button.setAttribute("aria-label", `The search at step ${step}`);
        each.button.onclick = () => { state.at = index; showLook(index); };
        paint(each.picture, image);
      });
    }

    // The curve knows every moment; of those that went by between two answers there is no picture.
    function lookAt(point) {
      const [step] = state.looks.at(-1).curve[point];
      const off = state.looks.map((look) => Math.abs(look.step - step));
      return off.indexOf(Math.min(...off));
    }

    function showLook(index) {
      const shown = state.looks[index];
      if (!shown) return;
      paint(view.found, shown.image);
      paint(view.difference, differenceOf(state.given, shown.image));
      view.found.setAttribute("aria-label", `Picture found, step ${shown.step}, mse ${mseText(shown.mse)}`);
      const points = state.looks.at(-1).curve, point = points.findIndex(([step]) => step === shown.step);
      curve.cursor(point === points.length - 1 ? null : point);
      say(shown);
    }

    function say({ mse, step, steps, reads }) {
      const off = make("small", {}, `Pixels differ by ${percent(Math.sqrt(mse))} of the way from black to white (root mean square).`);
      view.verdict.replaceChildren(`mse ${mseText(mse)}: ${wordsFor(mse)}`, off);
      if (step === steps && mse > 0.015) off.append(" A generator can only draw what it has learned: of anything else it gives the nearest that it knows.");
      if (step === steps && mse > state.flat) off.append(" A flat square of the given picture's mean colour would be nearer.");
      const read = ([digit, chance]) => `${digit} (${percent(chance)})`;
      view.reads.textContent = reads ? `Read as a digit by our classifier: given ${read(reads.given)}, found ${read(reads.found)}` : "";
    }

    function choosePreset(name) {
      for (const [field, value] of Object.entries(PRESETS[name])) view.numbers[field].value = value;
      showPreset();
    }
    const showPreset = () => Object.entries(view.thorough).forEach(([name, made]) =>
      made.setAttribute("aria-pressed", Object.entries(PRESETS[name]).every(([field, value]) => view.numbers[field].valueAsNumber === value)));

    // Files and pictures that are dropped or pasted, while the tab is open.
    function takeFile(file) {
      if (file) bring("picture", file);
    }
    root.addEventListener("dragover", (event) => {
      event.preventDefault();
      root.dataset.over = "";
    });
    root.addEventListener("dragleave", (event) => { if (!root.contains(event.relatedTarget)) delete root.dataset.over; });
    root.addEventListener("drop", (event) => {
      event.preventDefault();
      delete root.dataset.over;
      takeFile(event.dataTransfer.files[0]);
    });
    document.addEventListener("paste", (event) => {
      if (root.offsetParent && event.clipboardData?.files.length) takeFile(event.clipboardData.files[0]);
    });
    view.file.onchange = () => {
      takeFile(view.file.files[0]);
      view.file.value = "";
    };
    view.drop.onclick = view.choose.onclick = () => view.file.click();
    view.paper.onclick = () => {
      view.light.value = "paper";
      search();
    };
    view.edges.onchange = view.light.onchange = () => { if (state.contents.picture) search(); };

    for (const [way, made] of Object.entries(view.ways)) made.onclick = () => take(way);
    for (const name of Object.keys(PRESETS)) view.thorough[name].onclick = () => choosePreset(name);
    for (const field of Object.values(view.numbers)) field.oninput = showPreset;
    view.numbers.seed.value = 0;
    choosePreset("quick");
    view.find.onclick = () => (state.busy ? stop() : search());
    view.edit.onclick = edit;
    findAfter(view, () => (state.looks.length ? { ...state.looks[state.at], model: state.model, given: state.given } : null));

    watch("value", () => open(props.value.model));
    open(props.value.model);
  };
})();
