// Explore's state as an address: what a copied link says, and what an opened one asks for.
(() => {
  const { exploreView, packZ } = window.ganscope;
  const { MAX_SEED, REACH } = exploreView;

  function linkTo({ model, seed, given, z, truncation, moves, edits }) {
    const address = new URL(location.href.split("?")[0].split("#")[0]);
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

  Object.assign(window.ganscope, { linkTo, fromAddress });
})();
