// Explore: a seed, a truncation and a few directions become one latent vector; the picture follows.
// All state lives here and in the address of a copied link; the server only turns z into pixels.
(() => {
  const { copyAddress, kept, latents, make, model, newest, number, paint, pictures, saveAs } = window.ganscope;
  const { build, MAX_SEED, REACH } = window.ganscope.exploreView;
  const STOPS = [-3, -2, -1, 0, 1, 2, 3]; // the small previews along a slider
  const NEIGHBOURS = 12;
  const PAGE = 16; // raw numbers shown at once
  const MOST_PIXELS = 512;

  window.ganscope.explore = (element, props, trigger, watch) => {
    const state = { model: null, info: null, seed: 42, truncation: 1, moves: [], edits: {}, z: null };
    const view = build(element.querySelector(".gs-explore"));
    const failed = (error) => { view.error.textContent = error.message; };

    let notice = ""; // a sentence that outlives the next picture
    const draw = newest(
      (rows) => pictures(state.model, rows),
      ([image]) => {
        view.error.textContent = notice;
        notice = "";
        paint(view.picture, image);
        view.picture.setAttribute("aria-label", describe());
      },
      failed,
    );
    const describe = () => `Picture of ${state.model}, seed ${state.seed}`;

    function compose(moves = state.moves) {
      const z = state.z.map((value) => value * state.truncation);
      moves.forEach((amount, k) => {
        if (amount) state.info.directions[k].forEach((part, i) => { z[i] += amount * part; });
      });
      for (const [i, value] of Object.entries(state.edits)) z[i] = value;
      return z;
    }

    const refresh = () => draw([compose()]);

    // The strips and neighbours are many pictures: they wait until a change has settled, and give
    // way, one direction after another, to whatever the user does next.
    let settling = 0;
    function settle(delay = 120) {
      const turn = ++settling;
      const stale = () => turn !== settling;
      setTimeout(async () => {
        if (stale()) return;
        try {
          await drawStrips(stale);
          if (!stale()) await drawNeighbours(stale);
        } catch (error) { if (!stale()) failed(error); }
      }, delay);
      showNumbers();
    }

    async function drawStrips(stale) {
      for (const [k, direction] of view.directions.entries()) {
        const rows = STOPS.map((stop) => compose(state.moves.map((move, j) => (j === k ? stop : move))));
        const images = await pictures(state.model, rows);
        if (stale()) return;
        paintRow(direction.strip, images);
      }
    }

    async function drawNeighbours(stale) {
      const seeds = Array.from({ length: NEIGHBOURS }, (_, i) => (state.seed + 1 + i) % (MAX_SEED + 1));
      const rows = await latents(state.model, seeds);
      const images = await pictures(state.model, rows.map((z) => z.map((x) => x * state.truncation)));
      if (stale()) return;
      view.neighbours.replaceChildren(...images.map((image, i) => {
        const canvas = make("canvas");
        paint(canvas, image);
        return make("button", {
          disabled: view.lock.getAttribute("aria-pressed") === "true",
          title: `Seed ${seeds[i]}`, "aria-label": `Go to seed ${seeds[i]}`, onclick: () => goTo(seeds[i]),
        }, canvas);
      }));
    }

    // Steps count from the seed last asked for, so that quick presses all count.
    async function goTo(seed) {
      if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED) {
        view.error.textContent = `Seeds are whole numbers from 0 to ${MAX_SEED.toLocaleString("en")}.`;
        view.seed.value = state.seed;
        return;
      }
      state.wanted = seed;
      try {
        const [z] = await latents(state.model, [seed]);
        if (state.wanted !== seed) return;
        Object.assign(state, { seed, z, edits: {} });
        showControls();
        refresh();
        settle();
      } catch (error) { failed(error); }
    }

    async function open(name, wanted = {}) {
      try {
        const info = await model(name);
        const seed = wanted.seed ?? state.seed;
        const [z] = await latents(name, [seed]);
        const moves = info.directions.map((_, k) => wanted.moves?.[k] ?? 0);
        Object.assign(state, { model: name, info, seed, wanted: seed, z, moves, edits: wanted.edits ?? {} });
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

    // Where the picture stands above the sliders, they need the other half of the screen.
    const most = () => (window.innerWidth > 860 ? MOST_PIXELS : Math.min(MOST_PIXELS, window.innerHeight * 0.45));
    const fit = () => state.info && window.ganscope.fitWhole(view.picture, view.frame, state.info.size, most());
    new ResizeObserver(fit).observe(view.frame);

    function showControls() {
      view.seed.value = state.seed;
      view.truncation.value = state.truncation;
      view.truncationText.textContent = state.truncation.toFixed(2);
      view.directions.forEach((direction, k) => {
        direction.row.hidden = k >= state.moves.length;
        direction.slider.value = state.moves[k] ?? 0;
        direction.text.textContent = signed(state.moves[k] ?? 0);
      });
    }

    // Every raw latent number, a page at a time.
    let page = 0;
    function showNumbers() {
      if (!view.details.open || !state.info) return;
      const pages = Math.ceil(state.info.z_dim / PAGE);
      page = Math.min(page, pages - 1);
      const z = compose();
      view.pageText.textContent = `page ${page + 1} of ${pages}`;
      view.summary.textContent = `All ${state.info.z_dim} latent numbers`;
      const first = page * PAGE;
      view.numbers.replaceChildren(...Array.from(z.slice(first, first + PAGE), (value, offset) => {
        const index = first + offset;
        const text = make("span", { className: "gs-value", "aria-hidden": "true" }, signed(value));
        const slider = make("input", {
          type: "range", min: -4, max: 4, step: 0.05, value, "aria-label": `Latent number ${index}`,
          oninput: () => {
            state.edits[index] = slider.valueAsNumber;
            text.textContent = signed(slider.valueAsNumber);
            refresh();
          },
          onchange: () => settle(),
        });
        return make("label", { className: "gs-number" }, make("span", {}, `z${index}`), slider, text);
      }));
    }
    const turnPage = (by) => {
      const pages = Math.ceil(state.info.z_dim / PAGE);
      page = (page + by + pages) % pages;
      showNumbers();
    };

    function link() {
      const address = new URL(location.href.split("?")[0].split("#")[0]);
      address.searchParams.set("model", state.model);
      address.searchParams.set("seed", state.seed);
      address.searchParams.set("truncation", state.truncation);
      if (state.moves.some(Boolean)) address.searchParams.set("moves", state.moves.join(","));
      const edits = Object.entries(state.edits).map(([i, value]) => `${i}:${value}`);
      if (edits.length) address.searchParams.set("z", edits.join(","));
      return address.href;
    }

    const say = (text) => {
      view.said.textContent = text;
      setTimeout(() => { if (view.said.textContent === text) view.said.textContent = ""; }, 4000);
    };

    function keep() {
      const image = view.picture.getContext("2d").getImageData(0, 0, view.picture.width, view.picture.height);
      const detail = { model: state.model, label: `seed ${state.seed}`, z: compose(), image };
      kept.push(detail);
      document.dispatchEvent(new Event("ganscope:keep"));
      say("Kept as a key picture for Walk.");
    }

    function save() {
      const scale = Math.max(1, Math.floor(MOST_PIXELS / view.picture.width));
      const large = make("canvas", { width: view.picture.width * scale, height: view.picture.height * scale });
      const context = large.getContext("2d");
      context.imageSmoothingEnabled = false;
      context.drawImage(view.picture, 0, 0, large.width, large.height);
      const name = state.model.replace(/[^\w-]+/g, "-");
      large.toBlob((blob) => saveAs(blob, `${name}-seed-${state.seed}.png`));
    }

    function reset() {
      Object.assign(state, { truncation: 1, moves: state.moves.map(() => 0), edits: {} });
      showControls();
      refresh();
      settle();
    }

    view.seed.onchange = () => goTo(view.seed.value === "" ? NaN : Number(view.seed.value));
    view.before.onclick = () => goTo(Math.max(0, state.wanted - 1));
    view.after.onclick = () => goTo(Math.min(MAX_SEED, state.wanted + 1));
    view.dice.onclick = () => goTo(crypto.getRandomValues(new Uint32Array(1))[0] % 1000000);
    view.lock.onclick = () => {
      const locked = view.lock.getAttribute("aria-pressed") !== "true";
      view.lock.setAttribute("aria-pressed", locked);
      for (const control of [view.seed, view.before, view.after, view.dice, ...view.neighbours.children])
        control.disabled = locked;
    };
    view.truncation.oninput = () => {
      state.truncation = view.truncation.valueAsNumber;
      view.truncationText.textContent = state.truncation.toFixed(2);
      refresh();
    };
    view.truncation.onchange = () => settle();
    view.directions.forEach((direction, k) => {
      direction.slider.oninput = () => {
        state.moves[k] = direction.slider.valueAsNumber;
        direction.text.textContent = signed(state.moves[k]);
        refresh();
      };
      direction.slider.onchange = () => settle();
      // A press on a small preview goes where it shows.
      direction.strip.onclick = (event) => {
        const at = Math.floor((event.offsetX / direction.strip.clientWidth) * STOPS.length);
        direction.slider.value = STOPS[Math.min(Math.max(at, 0), STOPS.length - 1)];
        direction.slider.oninput();
        settle();
      };
    });
    view.details.ontoggle = showNumbers;
    view.previous.onclick = () => turnPage(-1);
    view.next.onclick = () => turnPage(1);
    view.keep.onclick = keep;
    view.save.onclick = save;
    view.copy.onclick = async () => say(await copyAddress(link()));
    view.reset.onclick = reset;

    watch("value", () => open(props.value));
    const wanted = fromAddress();
    open(wanted.model ?? props.value, wanted).then((opened) => {
      if (opened) return;
      // A link to what is not here: say so, and show what is.
      notice = view.error.textContent;
      open(props.value);
    });
  };

  // What a copied link asks for; anything malformed is left out.
  function fromAddress() {
    const given = new URLSearchParams(location.search);
    const numbers = (text) => text.split(",").map(Number);
    const wanted = {};
    if (given.get("model")) wanted.model = given.get("model");
    const seed = Number(given.get("seed") ?? NaN);
    if (Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED) wanted.seed = seed;
    const truncation = Number(given.get("truncation") ?? NaN);
    if (truncation >= 0 && truncation <= 2) wanted.truncation = truncation;
    const inReach = (value) => Number.isFinite(value) && Math.abs(value) <= REACH;
    const moves = given.get("moves") ? numbers(given.get("moves")) : [];
    if (moves.every(inReach)) wanted.moves = moves;
    wanted.edits = {};
    for (const part of (given.get("z") ?? "").split(",").filter(Boolean)) {
      const [index, value] = part.split(":").map(Number);
      if (Number.isInteger(index) && index >= 0 && index < 1024 && Math.abs(value) <= 4) wanted.edits[index] = value;
    }
    return wanted;
  }

  const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);

  const facts = (info) =>
    `${number(info.parameters / 1e6, 2)} M weights · ${info.size}×${info.size} ${info.channels === 1 ? "grey" : "colour"} · ` +
    `${number(info.multiply_adds / 1e6, 2)} M multiply-adds a picture`;

  // Pictures apart by CELL of their width, each centred where the slider's thumb will be.
  const CELL = 1.15;
  function paintRow(canvas, images) {
    const { width, height } = images[0];
    canvas.width = Math.round(width * CELL * images.length);
    canvas.height = height;
    const context = canvas.getContext("2d");
    images.forEach((image, i) => context.putImageData(image, Math.round((i + 0.5) * width * CELL - width / 2), 0));
  }
})();
