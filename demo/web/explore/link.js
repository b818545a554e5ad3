// Links to a state of Explore: written and read.
import { MAX_DIRECTIONS, MAX_SEED, MAX_TRUNCATION, REACH } from "../core/constants.js";
import { pageAddress } from "../core/dom.js";
import { packZ } from "../core/latent_text.js";

const NAMED = ["named", "classes", "pca"]; // sets whose moves have names

/** A link that restores Explore's state. @param {any} state of explore.js */
export function linkTo({ model, info, seed, zName, z, truncation, set, moves, edits }) {
  const address = new URL(pageAddress());
  address.searchParams.set("model", model);
  if (zName) address.searchParams.set("at", packZ(z));
  else address.searchParams.set("seed", seed);
  address.searchParams.set("truncation", truncation);
  address.searchParams.set("set", set);
  for (const { key, directions } of info.sets) writeMoves(address.searchParams, key, directions, moves[key]);
  const numbers = Object.entries(edits).map(([i, value]) => `${i}:${value}`);
  if (numbers.length) address.searchParams.set("z", numbers.join(","));
  return address.href;
}

// SeFa's moves are numbers in order, as in old links; those of other
// sets have names, which stay valid when their order changes.
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
    const pairs = (fields.get(key) ?? "").split(",").slice(0, MAX_DIRECTIONS).map((part) => part.split(":"));
    const good = pairs.filter(([name, value]) =>
      /^[A-Za-z0-9][A-Za-z0-9 -]{0,23}$/.test(name) && value && inReach(Number(value))
    );
    if (good.length) moves[key] = good.map(([name, value]) => [name, Number(value)]);
  }
  return moves;
}

/** The state in an address; malformed fields are left out. @param {string} [search] the address's query */
export function fromAddress(search = location.search) {
  const fields = new URLSearchParams(search);
  const wanted = {};
  if (fields.get("model")) wanted.model = fields.get("model");
  const seed = Number(fields.get("seed") ?? NaN);
  if (Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED) wanted.seed = seed;
  if (fields.get("at")) wanted.at = fields.get("at");
  const truncation = Number(fields.get("truncation") ?? NaN);
  if (truncation >= 0 && truncation <= MAX_TRUNCATION) wanted.truncation = truncation;
  wanted.moves = readMoves(fields);
  if ([...NAMED, "sefa"].includes(fields.get("set"))) wanted.set = fields.get("set");
  wanted.edits = {};
  for (const part of (fields.get("z") ?? "").split(",").filter(Boolean)) {
    const [index, value] = part.split(":").map(Number);
    if (Number.isInteger(index) && index >= 0 && index < 1024 && Math.abs(value) <= 4) wanted.edits[index] = value;
  }
  return wanted;
}
