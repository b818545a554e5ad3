// Breed's people: who is whose child, and the recipe (gan/recipes.py) from which they are made again.
import { MAX_RECIPE_LETTERS, MAX_RECIPE_PICTURES, MAX_SEED } from "../core/constants.js";
import { packZ, unpackZ } from "../core/latent_text.js";

const MOST_LISTED = MAX_RECIPE_PICTURES - 10;
// The grammar, as gan/recipes.py has it.
const PLACES = "\\d{1,3}(?:x\\d{1,3})*";
const SUM = new RegExp(`^a(${PLACES})m(${PLACES})p(${PLACES})$`);
const CHILD = /^c(\d{1,3}(?:x\d{1,3})?)d(\d{1,3})s(\d{1,10})(?:i(\d{1,2}))?$/;

/**
 * A picture of the lineage; `parents` and `groups` name earlier ones by their id.
 * @typedef {object} Person
 * @property {number} id
 * @property {"seed" | "own" | "child" | "sum"} kind
 * @property {number} generation
 * @property {string} label
 * @property {Float32Array} [z]
 * @property {ImageData} [image]
 * @property {number} [seed] of a seed's picture
 * @property {string} [text] of a latent of its own, as `packZ` writes it
 * @property {number[]} [parents] of a child, as the next three
 * @property {number} [percent] hundredths of difference
 * @property {number} [litter] seed of the litter
 * @property {number} [index] in the litter
 * @property {number[][]} [groups] of a sum: plus, minus, onto
 */

/** The children of one parent or two, all together.
 * @typedef {{parents: number[], percent: number, litter: number}} Litter */

/** All persons of one model. */
export function lineage() {
  /** @type {Person[]} */
  const people = [];
  const known = new Map();

  /** The person that `facts` describe: the same one each time. @param {Partial<Person>} facts */
  function person(facts) {
    const { kind, seed, text, parents, percent, litter, index, groups } = facts;
    const key = JSON.stringify([kind, seed, text, parents, percent, litter, index, groups]);
    if (known.has(key)) return Object.assign(people[known.get(key)], kept(facts));
    const before = behind(facts), id = people.length;
    const generation = before.length ? 1 + Math.max(...before.map((one) => people[one].generation)) : 0;
    known.set(key, id);
    people.push(/** @type {Person} */ ({ ...facts, id, generation, label: facts.label ?? labelOf(facts) }));
    return people[id];
  }

  // A picture that is here already is not forgotten for one that is still to come.
  /** @param {Partial<Person>} facts */
  const kept = ({ z, image }) => ({ ...(z && { z }), ...(image && { image }) });
  /** @param {Partial<Person>} facts */
  const behind = ({ parents = [], groups = [] }) => [...parents, ...groups.flat()];

  /** @param {Partial<Person>} facts */
  function labelOf({ kind, seed, index, parents }) {
    if (kind === "seed") return `seed ${seed}`;
    if (kind === "own") return "a latent of its own";
    if (kind === "sum") return "A − B + C";
    return `child ${index + 1} of ${parents.map((id) => people[id].label.replace(/ of .*/, "")).join(" and ")}`;
  }

  // `ids` and all that they come from, oldest first.
  function ancestors(ids) {
    const found = new Set(), next = [...ids];
    while (next.length) {
      const id = next.pop();
      if (!found.has(id)) next.push(...behind(people[id]));
      found.add(id);
    }
    return [...found].sort((a, b) => a - b);
  }

  /** The recipe of a litter, and the ids that it lists, in its order. A lineage that is too long begins at the parents
   * themselves.
   * @param {Litter} litter */
  function recipe({ parents, percent, litter }) {
    let ids = ancestors(parents), own = false;
    if (ids.length > MOST_LISTED) [ids, own] = [parents, true];
    const place = new Map(ids.map((id, i) => [id, i]));
    const places = (list) => list.map((id) => place.get(id)).join("x");
    const born = (one) => `c${places(one.parents)}d${one.percent}s${one.litter}`;
    const written = (one) => {
      if (one.kind === "seed") return String(one.seed);
      if (one.kind === "own" || own) return `z${one.text ?? packZ(one.z)}`;
      if (one.kind === "sum") return `a${places(one.groups[0])}m${places(one.groups[1])}p${places(one.groups[2])}`;
      return `${born(one)}i${one.index}`;
    };
    return { text: [...ids.map((id) => written(people[id])), born({ parents, percent, litter })].join("."), ids };
  }

  /** The litter that a recipe ends in, its people made known; null for what cannot be one. What a well-formed text says
   * beyond that, the server checks.
   * @param {unknown} text @param {number} z_dim @returns {Litter | null} */
  function read(text, z_dim) {
    if (typeof text !== "string" || text.length > MAX_RECIPE_LETTERS) return null;
    const parts = text.split("."), last = parts.pop(), ids = [];
    const named = (places) => (places ?? "").split("x").map((place) => ids[Number(place)]);
    for (const part of parts) {
      const facts = readPerson(part, named, z_dim);
      if (!facts || behind(facts).includes(undefined)) return null;
      ids.push(person(facts).id);
    }
    const end = readChild(last, named);
    return end && end.index === undefined && !end.parents.includes(undefined) ? end : null;
  }

  return { people, person, recipe, read, ancestors };
}

/** One picture of a recipe; named(places) looks earlier ones up. Null for what is none.
 * @param {string} part @param {(places: string) => number[]} named @param {number} z_dim
 * @returns {Partial<Person> | null} */
export function readPerson(part, named, z_dim) {
  if (/^\d{1,10}$/.test(part)) return Number(part) <= MAX_SEED ? { kind: "seed", seed: Number(part) } : null;
  if (part.startsWith("z")) return unpackZ(part.slice(1), z_dim) ? { kind: "own", text: part.slice(1) } : null;
  const groups = SUM.exec(part)?.slice(1).map(named);
  if (groups) return { kind: "sum", groups };
  const child = readChild(part, named);
  return child?.index !== undefined ? { kind: "child", ...child } : null;
}

function readChild(part, named) {
  const [, parents, percent, litter, index] = CHILD.exec(part) ?? [];
  if (!parents || Number(percent) > 100 || Number(litter) > MAX_SEED) return null;
  const found = { parents: named(parents), percent: Number(percent), litter: Number(litter) };
  return index === undefined ? found : { ...found, index: Number(index) };
}
