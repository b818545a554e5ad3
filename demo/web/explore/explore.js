// Explore: a seed, a truncation and a few directions become one latent vector; the picture follows.
// All state lives here and in the address of a copied link; the server only turns z into pixels.
(() => {
  const {
    anySeed, axis, copyAddress, fromAddress, handOver, kept, latents, linkTo, make, model, newest, number, paint, pictures, receive, roundZ,
    saveAs, sayer, stage, takeaway, unpackZ,
  } = window.ganscope;
  const { exploreView } = window.ganscope;
  const { build, MAX_SEED, signed, STOPS } = exploreView;
  const REST_MS = 70; // a slider that stands so long has been put somewhere
  const MOST_PIXELS = 512;
  const FIRST_SEED = 42;

  async function load(name, seed) {
    const [info, [z]] = await Promise.all([model(name), latents(name, [seed])]);
    return { info, z };
  }

  // The first model and seed are asked for while Gradio still builds the page: it has been told
  // which model stands in the menu, and a link may name another.
  const wanted = fromAddress();
  const component = window.gradio_config?.components?.find(({ props }) => props.js_on_load?.startsWith("ganscope.explore("));
  const first = { name: wanted.model ?? component?.props.value.model, seed: wanted.seed ?? FIRST_SEED };
  if (first.name) (first.loading = load(first.name, first.seed)).catch(() => {}); // open() says what is wrong

  window.ganscope.explore = (element, props, trigger, watch) => {
    // `given`: the name of a latent vector that is no seed's, which then stands in `z`; or null.
    const state = { model: null, info: null, seed: FIRST_SEED, given: null, truncation: 1, set: null, moves: {}, edits: {}, z: null, zs: new Map() };
    const view = build(element.querySelector(".gs-explore"));
    const failed = (error) => { view.error.textContent = error.message; };

    let notice = ""; // a sentence that outlives the next picture
    const screen = stage((image) => {
      view.error.textContent = notice;
      notice = "";
      paint(view.picture, image);
      view.picture.setAttribute("aria-label", describe());
    });
    const draw = newest(
      ({ z }) => pictures(state.model, [z]),
      ([image], { turn, place }) => screen.offer(image, turn, place),
      failed,
    );
    const startName = () => state.given ?? `seed ${state.seed}`;
    const describe = () => `Picture of ${state.model}, ${startName()}`;

    // The latent vector of the state, or of one that differs from it in `changes`.
    function compose(changes = {}) {
      const { z: start, truncation, moves, edits, info } = { ...state, ...changes };
      const z = start.map((value) => value * truncation);
      sets.add(z, moves, info);
      for (const [i, value] of Object.entries(edits)) z[i] = value;
      return z;
    }

    let resting = 0;
    const ask = (turn, place) => {
      clearTimeout(resting);
      resting = 0;
      draw({ z: compose(), turn, place });
    };
    // After any change but a slider's move.
    const refresh = () => ask(screen.aim({}, 0), 0);

    // A slider moved: what is here of its axis is shown at once. If that is not exact but near, the
    // exact picture is asked for when the slider rests.
    function follow(axis) {
      if (!state.info) return;
      clearTimeout(resting);
      resting = 0;
      const place = axis.place(), turn = screen.aim(axis.line(), place), near = axis.nearest(place);
      if (near) screen.offer(near.picture, turn, near.place);
      if (screen.exact()) draw.forget();
      else if (near && Math.abs(near.place - place) <= axis.reach) resting = setTimeout(ask, REST_MS, turn, place);
      else ask(turn, place);
    }

    function letGo() {
      if (resting) ask(screen.turn(), screen.turn().goal);
      settle();
    }

    // Pictures of an axis came, perhaps under the very slider that is moving.
    function arrived(axis) {
      const turn = screen.turn();
      if (turn.key !== axis.line() || screen.exact()) return;
      const near = axis.nearest(turn.goal);
      screen.offer(near.picture, turn, near.place);
      if (!screen.exact()) return;
      clearTimeout(resting);
      resting = 0;
      draw.forget();
    }

    // at(value) -> what compose() is to change for the slider to stand there.
    function axisOf(slider, at, paintStrip = () => {}) {
      const made = axis({
        slider,
        at: (value) => compose(at(value)),
        owner: () => state.info,
        draw: (rows) => pictures(state.model, rows),
        arrived: () => { arrived(made); paintStrip(); },
      });
      return made;
    }

    const previews = exploreView.previews({ state, view, zsOf, goTo, failed });
    // The picture as takeaway.js describes it: by its seed, where that and the truncation are all there is.
    function now() {
      const z = compose(), { model, truncation, info } = state;
      const alone = state.given == null && state.z.every((value, i) => Math.fround(value * truncation) === z[i]);
      return { model, seed: alone ? state.seed : null, truncation, z, size: info.size };
    }
    const taken = takeaway.ofPicture(now, save);
    view.take.append(taken.element);

    // A set that did not come leads back to another, whose picture is drawn next.
    const setFailed = (error) => {
      notice = error.message;
      failed(error);
    };
    const sets = exploreView.sets({ state, view, failed: setFailed, changed() { refresh(); settle(0); } });
    function settle(delay) {
      previews.settle(delay);
      taken.update();
      showNumbers();
    }

    // Seeds' latents are kept, so that a step to a neighbour asks for its picture only.
    async function zsOf(seeds) {
      const missing = seeds.filter((seed) => !state.zs.has(seed)), { zs } = state;
      if (missing.length) (await latents(state.model, missing)).forEach((z, i) => zs.set(missing[i], z));
      return seeds.map((seed) => zs.get(seed));
    }

    // Steps count from the seed last asked for, so that quick presses all count.
    async function goTo(seed) {
      if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED) {
        view.error.textContent = `Seeds are whole numbers from 0 to ${MAX_SEED.toLocaleString("en")}.`;
        showControls();
        return;
      }
      state.wanted = seed;
      try {
        const [z] = await zsOf([seed]);
        if (state.wanted !== seed) return;
        Object.assign(state, { seed, z, given: null, edits: {} });
        showControls();
        refresh();
        settle();
      } catch (error) { failed(error); }
    }

    async function open(name, wanted = {}) {
      try {
        const seed = wanted.seed ?? state.seed;
        const early = name === first.name && seed === first.seed && first.loading;
        first.loading = null;
        const { info, z } = await (early || load(name, seed));
        Object.assign(state, { model: name, info, seed, wanted: seed, z, zs: new Map([[seed, z]]), edits: wanted.edits ?? {} });
        sets.open(wanted);
        begin(wanted);
        state.truncation = wanted.truncation ?? state.truncation;
        view.facts.textContent = facts(info);
        fit();
        showControls();
        refresh();
        settle(0);
        return true;
      } catch (error) {
        failed(error);
        return false;
      }
    }

    // A latent vector from elsewhere, or from a link, takes the place of the seed's.
    function begin({ z, at, label }) {
      state.given = null;
      if (!z && at === undefined) return;
      const given = z ? roundZ(z) : unpackZ(at, state.info.z_dim);
      if (given?.length === state.info.z_dim) Object.assign(state, { z: given, given: label || "a latent vector of its own" });
      else notice = `The latent vector of this link does not fit ${state.model}: seed ${state.seed} is shown.`;
    }

    // Where the picture stands above the sliders, they need the other half of the screen.
    const most = () => (window.innerWidth > 860 ? MOST_PIXELS : Math.min(MOST_PIXELS, window.innerHeight * 0.45));
    const fit = () => state.info && window.ganscope.fitWhole(view.picture, view.frame, state.info.size, most());
    new ResizeObserver(fit).observe(view.frame);

    function showControls() {
      view.seed.value = state.given ? "" : state.seed;
      view.origin.textContent = state.given ? `Begins at ${state.given}. A seed leads away from it.` : view.ORIGIN;
      view.truncation.value = state.truncation;
      view.truncationText.textContent = state.truncation.toFixed(2);
      sets.show();
    }

    // Every raw latent number, a page at a time.
    let page = 0;
    const pages = () => Math.ceil(state.info.z_dim / view.numbers.length);
    function showNumbers() {
      if (!view.details.open || !state.info) return;
      const z = compose();
      page = Math.min(page, pages() - 1);
      view.pageText.textContent = `page ${page + 1} of ${pages()}`;
      view.summary.textContent = `All ${z.length} latent numbers`;
      view.numbers.forEach((row, offset) => {
        const index = row.index = page * view.numbers.length + offset;
        row.row.hidden = index >= z.length;
        if (row.row.hidden) return;
        row.name.textContent = `z${index}`;
        row.slider.setAttribute("aria-label", `Latent number ${index}`);
        row.slider.value = z[index];
        row.text.textContent = signed(z[index]);
      });
    }
    const turnPage = (by) => {
      page = (page + by + pages()) % pages();
      showNumbers();
    };

    const say = sayer(view.said);

    // Whether the picture is that of the seed, as it is.
    const plain = () => !state.given && state.truncation === 1 && !sets.moved(state.moves) && !Object.keys(state.edits).length;

    function keep() {
      const { model, seed } = state;
      kept.push({ model, label: startName(), ...(plain() ? { seed, z: compose() } : { z: roundZ(compose()) }) });
      document.dispatchEvent(new Event("ganscope:keep"));
      say("Kept as a key picture for Walk.");
    }

    // A seed as it is goes as that, for a shorter recipe.
    function breed() {
      const { model, seed } = state;
      handOver("breed", { model, ...(plain() ? { seed } : { z: compose(), label: `${startName()}, edited` }) });
    }

    function save() {
      const scale = Math.max(1, Math.floor(MOST_PIXELS / view.picture.width));
      const large = make("canvas", { width: view.picture.width * scale, height: view.picture.height * scale });
      const context = large.getContext("2d");
      context.imageSmoothingEnabled = false;
      context.drawImage(view.picture, 0, 0, large.width, large.height);
      const name = `${state.model}-${startName()}`.replace(/[^\w-]+/g, "-");
      large.toBlob((blob) => saveAs(blob, `${name}.png`));
    }

    function reset() {
      Object.assign(state, { truncation: 1, moves: {}, edits: {} });
      showControls();
      refresh();
      settle();
    }

    view.seed.onchange = () => goTo(view.seed.value === "" ? NaN : Number(view.seed.value));
    view.before.onclick = () => goTo(Math.max(0, state.wanted - 1));
    view.after.onclick = () => goTo(Math.min(MAX_SEED, state.wanted + 1));
    view.dice.onclick = () => goTo(anySeed());
    view.lock.onclick = () => {
      const locked = view.lock.getAttribute("aria-pressed") !== "true";
      view.lock.setAttribute("aria-pressed", locked);
      for (const control of [view.seed, view.before, view.after, view.dice, ...view.neighbours.children])
        control.disabled = locked;
    };
    const truncation = axisOf(view.truncation, (value) => ({ truncation: value }));
    view.truncation.oninput = () => {
      state.truncation = truncation.value(truncation.place());
      view.truncationText.textContent = state.truncation.toFixed(2);
      follow(truncation);
    };
    view.truncation.onchange = letGo;
    view.directions.forEach((direction, k) => {
      const { slider, strip, text } = direction;
      direction.axis = axisOf(slider, (value) => sets.put(k, value), () => previews.paintStrip(direction));
      slider.oninput = () => {
        Object.assign(state, sets.put(k, direction.axis.value(direction.axis.place())));
        text.textContent = signed(sets.amount(k));
        follow(direction.axis);
      };
      slider.onchange = letGo;
      // A press on a small preview goes where it shows.
      strip.onclick = (event) => {
        const at = Math.floor((event.offsetX / strip.clientWidth) * STOPS.length);
        slider.value = STOPS[Math.min(Math.max(at, 0), STOPS.length - 1)];
        slider.oninput();
        letGo();
      };
    });
    view.numbers.forEach((row) => {
      const put = (value) => ({ edits: { ...state.edits, [row.index]: value } });
      const line = axisOf(row.slider, put);
      row.slider.oninput = () => {
        state.edits[row.index] = line.value(line.place());
        row.text.textContent = signed(state.edits[row.index]);
        follow(line);
      };
      row.slider.onchange = letGo;
    });
    view.details.ontoggle = showNumbers;
    view.previous.onclick = () => turnPage(-1);
    view.next.onclick = () => turnPage(1);
    view.keep.onclick = keep;
    view.breed.onclick = breed;
    view.save.onclick = save;
    view.copy.onclick = async () => say(await copyAddress(linkTo(state)));
    view.reset.onclick = reset;
    view.judge.onclick = () => handOver("report", { model: state.model });

    // The script itself went to a model that is `known`.
    watch("value", () => { if (!props.value.known) open(props.value.model); });
    receive("explore", async (handed) => {
      if (await open(handed.model, { truncation: 1, ...handed })) trigger("moved", { name: handed.model });
    });
    open(wanted.model ?? props.value.model, wanted).then((opened) => {
      if (opened) return;
      // A link to what is not here: say so, and show what is.
      notice = view.error.textContent;
      open(props.value.model);
    });
  };

  const facts = (info) =>
    `${number(info.parameters / 1e6, 2)} M weights · ${info.size}×${info.size} ${info.channels === 1 ? "grey" : "colour"} · ` +
    `${number(info.multiply_adds / 1e6, 2)} M multiply-adds a picture`;
})();
