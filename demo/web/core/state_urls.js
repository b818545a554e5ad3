// The states of Explore and Walk as addresses: what a copied link says, and what an opened one asks for.
(() => {
  const { exploreView, packZ, pageAddress, unpackZ } = window.ganscope;
  const { MAX_SEED, REACH } = exploreView;

  const NAMED = ["named", "classes", "pca"]; // sets whose moves have names
  const MOST_MOVES = 32; // of one set
  const MOST_KEYS = 24, MOST_FRAMES = 240; // of a walk
  const bare = () => new URL(pageAddress());

  function linkTo({ model, info, seed, given, z, truncation, set, moves, edits }) {
    const address = bare();
    address.searchParams.set("model", model);
    if (given) address.searchParams.set("at", packZ(z));
    else address.searchParams.set("seed", seed);
    address.searchParams.set("truncation", truncation);
    address.searchParams.set("set", set);
    for (const { key, directions } of info.sets) writeMoves(address.searchParams, key, directions, moves[key]);
    const numbers = Object.entries(edits).map(([i, value]) => `${i}:${value}`);
    if (numbers.length) address.searchParams.set("z", numbers.join(","));
    return address.href;
  }

  // SeFa's moves are numbers in order, as in the links of before there were other sets; those of other
  // sets have names, which outlive a change of their order.
  function writeMoves(fields, key, directions, amounts) {
    if (!amounts?.some(Boolean)) return;
    const named = directions.flatMap(({ name }, k) => (amounts[k] ? [`${name}:${amounts[k]}`] : []));
    if (key === "sefa") fields.set("moves", amounts.join(","));
    else fields.set(key, named.join(","));
  }

  const inReach = (value) => Number.isFinite(value) && Math.abs(value) <= REACH;

  function readMoves(fields) {
    const moves = {}, plain = (fields.get("moves") ?? "").split(",").filter(Boolean).map(Number);
    if (plain.length && plain.every(inReach)) moves.sefa = plain;
    for (const key of NAMED) {
      const pairs = (fields.get(key) ?? "").split(",").slice(0, MOST_MOVES).map((part) => part.split(":"));
      const good = pairs.filter(([name, value]) => /^[A-Za-z0-9][A-Za-z0-9 -]{0,23}$/.test(name) && value && inReach(Number(value)));
      if (good.length) moves[key] = good.map(([name, value]) => [name, Number(value)]);
    }
    return moves;
  }

  // Anything malformed is left out.
  function fromAddress() {
    const given = new URLSearchParams(location.search);
    const wanted = {};
    if (given.get("model")) wanted.model = given.get("model");
    const seed = Number(given.get("seed") ?? NaN);
    if (Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED) wanted.seed = seed;
    if (given.get("at")) wanted.at = given.get("at");
    const truncation = Number(given.get("truncation") ?? NaN);
    if (truncation >= 0 && truncation <= 2) wanted.truncation = truncation;
    wanted.moves = readMoves(given);
    if ([...NAMED, "sefa"].includes(given.get("set"))) wanted.set = given.get("set");
    wanted.edits = {};
    for (const part of (given.get("z") ?? "").split(",").filter(Boolean)) {
      const [index, value] = part.split(":").map(Number);
      if (Number.isInteger(index) && index >= 0 && index < 1024 && Math.abs(value) <= 4) wanted.edits[index] = value;
    }
    return wanted;
  }

  // Keys are seeds, or the numbers of a latent vector behind a "~".
  function walkLink({ model, keys, frames, mode, closed }) {
    const address = bare();
    address.searchParams.set("walk", model);
    address.searchParams.set("keys", keys.map(({ seed, z }) => seed ?? `~${packZ(z)}`).join(","));
    address.searchParams.set("frames", frames);
    if (mode !== "slerp") address.searchParams.set("way", mode);
    if (closed) address.searchParams.set("closed", "1");
    return address.href;
  }

  /* What a link to a walk asks for: {keys: [{seed} or {z}], frames, mode, closed}. Each z has `z_dim` numbers. Error if its keys are not such as walkLink writes;
     other fields that are not are as if they were left out. */
  function walkFromAddress(z_dim) {
    const given = new URLSearchParams(location.search), frames = Number(given.get("frames") ?? NaN);
    const keys = (given.get("keys") ?? "").split(",").map((text) => {
      const z = text.startsWith("~") ? unpackZ(text.slice(1), z_dim) : null;
      const seed = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
      if (!z && !(seed <= MAX_SEED)) throw new Error("The key pictures of this link do not fit the model, so other ones are shown.");
      return z ? { z } : { seed };
    });
    if (keys.length < 2 || keys.length > MOST_KEYS) throw new Error(`A link to a walk has 2 to ${MOST_KEYS} key pictures: other ones are shown.`);
    return {
      keys,
      frames: Number.isInteger(frames) && frames >= keys.length && frames <= MOST_FRAMES ? frames : undefined,
      mode: given.get("way") === "lerp" ? "lerp" : "slerp",
      closed: given.get("closed") === "1",
    };
  }

  const linkedWalk = () => new URLSearchParams(location.search).get("walk");

  Object.assign(window.ganscope, { linkTo, fromAddress, walkLink, walkFromAddress, linkedWalk });
})();
