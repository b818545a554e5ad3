// The states of Explore and Walk as addresses: what a copied link says, and what an opened one asks for.
import { pageAddress } from "./dom.js";
import { packZ, unpackZ } from "./latent_text.js";
import { MAX_FRAMES, MAX_KEYS, MAX_SEED, MAX_TRUNCATION, REACH } from "./constants.js";

const NAMED = ["named", "classes", "pca"]; // sets whose moves have names
const MOST_MOVES = 32; // of one set
const bare = () => new URL(pageAddress());

/**
 * A link that opens Explore on exactly its state.
 * @param {any} state of explore.js
 */
export function linkTo({ model, info, seed, given, z, truncation, set, moves, edits }) {
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
    const good = pairs.filter(([name, value]) =>
      /^[A-Za-z0-9][A-Za-z0-9 -]{0,23}$/.test(name) && value && inReach(Number(value))
    );
    if (good.length) moves[key] = good.map(([name, value]) => [name, Number(value)]);
  }
  return moves;
}

/**
 * What an address asks Explore for. Anything malformed is left out.
 * @param {string} [search] the address's query
 */
export function fromAddress(search = location.search) {
  const given = new URLSearchParams(search);
  const wanted = {};
  if (given.get("model")) wanted.model = given.get("model");
  const seed = Number(given.get("seed") ?? NaN);
  if (Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED) wanted.seed = seed;
  if (given.get("at")) wanted.at = given.get("at");
  const truncation = Number(given.get("truncation") ?? NaN);
  if (truncation >= 0 && truncation <= MAX_TRUNCATION) wanted.truncation = truncation;
  wanted.moves = readMoves(given);
  if ([...NAMED, "sefa"].includes(given.get("set"))) wanted.set = given.get("set");
  wanted.edits = {};
  for (const part of (given.get("z") ?? "").split(",").filter(Boolean)) {
    const [index, value] = part.split(":").map(Number);
    if (Number.isInteger(index) && index >= 0 && index < 1024 && Math.abs(value) <= 4) wanted.edits[index] = value;
  }
  return wanted;
}

/**
 * Keys are seeds, or the numbers of a latent vector behind a "~".
 * @param {{model: string, keys: import("./types.d.ts").Key[], frames: number, mode: string, closed: boolean}} walk
 */
export function walkLink({ model, keys, frames, mode, closed }) {
  const address = bare();
  address.searchParams.set("walk", model);
  address.searchParams.set("keys", keys.map(({ seed, z }) => seed ?? `~${packZ(z)}`).join(","));
  address.searchParams.set("frames", String(frames));
  if (mode !== "slerp") address.searchParams.set("way", mode);
  if (closed) address.searchParams.set("closed", "1");
  return address.href;
}

/**
 * What a link to a walk asks for. Error if its keys are not such as walkLink writes; other fields that are not are
 * as if they were left out.
 * @param {number} z_dim how many numbers each latent has
 */
export function walkFromAddress(z_dim) {
  const given = new URLSearchParams(location.search), frames = Number(given.get("frames") ?? NaN);
  const keys = (given.get("keys") ?? "").split(",").map((text) => {
    const z = text.startsWith("~") ? unpackZ(text.slice(1), z_dim) : null;
    const seed = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (!z && !(seed <= MAX_SEED)) {
      throw new Error("The key pictures of this link do not fit the model, so other ones are shown.");
    }
    return z ? { z } : { seed };
  });
  if (keys.length < 2 || keys.length > MAX_KEYS) {
    throw new Error(`A link to a walk has 2 to ${MAX_KEYS} key pictures: other ones are shown.`);
  }
  return {
    keys,
    frames: Number.isInteger(frames) && frames >= keys.length && frames <= MAX_FRAMES ? frames : undefined,
    mode: given.get("way") === "lerp" ? "lerp" : "slerp",
    closed: given.get("closed") === "1",
  };
}

/** The model of the walk that the address asks for, or null. */
export const linkedWalk = () => new URLSearchParams(location.search).get("walk");
