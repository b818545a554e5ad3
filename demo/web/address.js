// The states of Explore and Walk as addresses: what a copied link says, and what an opened one asks for.
(() => {
  const { exploreView, packZ, unpackZ } = window.ganscope;
  const { MAX_SEED, REACH } = exploreView;

  const MOST_KEYS = 24, MOST_FRAMES = 240; // of a walk
  const bare = () => new URL(location.href.split(/[?#]/)[0]);

  function linkTo({ model, seed, given, z, truncation, moves, edits }) {
    const address = bare();
    address.searchParams.set("model", model);
    if (given) address.searchParams.set("at", packZ(z));
    else address.searchParams.set("seed", seed);
    address.searchParams.set("truncation", truncation);
    if (moves.some(Boolean)) address.searchParams.set("moves", moves.join(","));
    const numbers = Object.entries(edits).map(([i, value]) => `${i}:${value}`);
    if (numbers.length) address.searchParams.set("z", numbers.join(","));
    return address.href;
  }

  // Anything malformed is left out.
  function fromAddress() {
    const given = new URLSearchParams(location.search);
    const numbers = (text) => text.split(",").map(Number);
    const wanted = {};
    if (given.get("model")) wanted.model = given.get("model");
    const seed = Number(given.get("seed") ?? NaN);
    if (Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED) wanted.seed = seed;
    if (given.get("at")) wanted.at = given.get("at");
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
