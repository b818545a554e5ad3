// The lineage of pictures: parents, children, and the recipe (gan/latent/recipe.py) that reproduces them.
import { MAX_RECIPE_LETTERS, MAX_RECIPE_PICTURES, MAX_SEED } from "../core/constants.js";
import { packZ, unpackZ } from "../core/latent_text.js";

const MAX_LISTED = MAX_RECIPE_PICTURES - 10;
// The grammar, as gan/latent/recipe.py has it.
const PLACES = "\\d{1,3}(?:x\\d{1,3})*";
const SUM = new RegExp(`^a(${PLACES})m(${PLACES})p(${PLACES})$`);
const CHILD = /^c(\d{1,3}(?:x\d{1,3})?)d(\d{1,3})s(\d{1,10})(?:k(\d{1,3}))?(?:i(\d{1,2}))?$/;

/**
 * A picture of the lineage; `parents` and `groups` name earlier ones by their id.
 * @typedef {object} Individual
 * @property {number} id
 * @property {"seed" | "latent" | "child" | "sum"} kind
 * @property {number} generation
 * @property {string} label
 * @property {Float32Array} [z]
 * @property {ImageData} [image]
 * @property {number} [seed] of a seed's picture
 * @property {string} [text] of a latent vector that no seed gives, as `packZ` writes it
 * @property {number[]} [parents] of a child, as the next four
 * @property {number} [percent] hundredths of difference
 * @property {number} [offspringSeed] seed that the children are drawn from
 * @property {number} [classIndex] class that the child was changed to
 * @property {number} [index] among the children
 * @property {number[][]} [groups] of a sum: plus, minus, onto
 */

/** The children of one parent or two, all together; `classIndex` is their class, if one was chosen.
 * @typedef {{parents: number[], percent: number, offspringSeed: number, classIndex?: number}} Offspring */

/** All individuals of one model. */
export function lineage() {
  /** @type {Individual[]} */
  const individuals = [];
  const known = new Map();

  /** The individual that `facts` describe: the same one each time. @param {Partial<Individual>} facts */
  function individual(facts) {
    const { kind, seed, text, parents, percent, offspringSeed, classIndex, index, groups } = facts;
    const key = JSON.stringify([kind, seed, text, parents, percent, offspringSeed, classIndex, index, groups]);
    if (known.has(key)) return Object.assign(individuals[known.get(key)], kept(facts));
    const before = behind(facts), id = individuals.length;
    const generation = before.length ? 1 + Math.max(...before.map((one) => individuals[one].generation)) : 0;
    known.set(key, id);
    individuals.push(/** @type {Individual} */ ({ ...facts, id, generation, label: facts.label ?? labelOf(facts) }));
    return individuals[id];
  }

  // Missing values do not overwrite known ones.
  /** @param {Partial<Individual>} facts */
  const kept = ({ z, image }) => ({ ...(z && { z }), ...(image && { image }) });
  /** @param {Partial<Individual>} facts */
  const behind = ({ parents = [], groups = [] }) => [...parents, ...groups.flat()];

  /** @param {Partial<Individual>} facts */
  function labelOf({ kind, seed, index, parents }) {
    if (kind === "seed") return `seed ${seed}`;
    if (kind === "latent") return "a latent vector";
    if (kind === "sum") return "A − B + C";
    return `child ${index + 1} of ${parents.map((id) => individuals[id].label.replace(/ of .*/, "")).join(" and ")}`;
  }

  // `ids` and all that they come from, oldest first.
  function ancestors(ids) {
    const found = new Set(), next = [...ids];
    while (next.length) {
      const id = next.pop();
      if (!found.has(id)) next.push(...behind(individuals[id]));
      found.add(id);
    }
    return [...found].sort((a, b) => a - b);
  }

  /** The recipe of offspring, and the ids that it lists, in its order. A lineage that is too long begins at the parents
   * themselves.
   * @param {Offspring} offspring */
  function recipe({ parents, percent, offspringSeed, classIndex }) {
    let ids = ancestors(parents), asLatents = false;
    if (ids.length > MAX_LISTED) [ids, asLatents] = [parents, true];
    const place = new Map(ids.map((id, i) => [id, i]));
    const places = (list) => list.map((id) => place.get(id)).join("x");
    const ofClass = (one) => (one.classIndex === undefined ? "" : `k${one.classIndex}`);
    const born = (one) => `c${places(one.parents)}d${one.percent}s${one.offspringSeed}${ofClass(one)}`;
    const written = (one) => {
      if (one.kind === "seed") return String(one.seed);
      if (one.kind === "latent" || asLatents) return `z${one.text ?? packZ(one.z)}`;
      if (one.kind === "sum") return `a${places(one.groups[0])}m${places(one.groups[1])}p${places(one.groups[2])}`;
      return `${born(one)}i${one.index}`;
    };
    return {
      text: [...ids.map((id) => written(individuals[id])), born({ parents, percent, offspringSeed, classIndex })].join(
        ".",
      ),
      ids,
    };
  }

  /** The offspring that a recipe ends in; null for an ill-formed text. Its individuals are registered. What a text says
   * beyond that, the server checks.
   * @param {unknown} text @param {{z_dim: number, classes: number}} model @returns {Offspring | null} */
  function read(text, { z_dim, classes }) {
    if (typeof text !== "string" || text.length > MAX_RECIPE_LETTERS) return null;
    const parts = text.split("."), last = parts.pop(), ids = [];
    const named = (places) => (places ?? "").split("x").map((place) => ids[Number(place)]);
    for (const part of parts) {
      const facts = readIndividual(part, named, z_dim);
      if (!facts || behind(facts).includes(undefined) || facts.classIndex >= classes) return null;
      ids.push(individual(facts).id);
    }
    const end = readChild(last, named);
    if (end?.classIndex >= classes) return null;
    return end && end.index === undefined && !end.parents.includes(undefined) ? end : null;
  }

  return { individuals, individual, recipe, read, ancestors };
}

/** Parse one part of a recipe; named(places) resolves references to earlier parts. Null if malformed.
 * @param {string} part @param {(places: string) => number[]} named @param {number} z_dim
 * @returns {Partial<Individual> | null} */
export function readIndividual(part, named, z_dim) {
  if (/^\d{1,10}$/.test(part)) return Number(part) <= MAX_SEED ? { kind: "seed", seed: Number(part) } : null;
  if (part.startsWith("z")) return unpackZ(part.slice(1), z_dim) ? { kind: "latent", text: part.slice(1) } : null;
  const groups = SUM.exec(part)?.slice(1).map(named);
  if (groups) return { kind: "sum", groups };
  const child = readChild(part, named);
  return child?.index !== undefined ? { kind: "child", ...child } : null;
}

function readChild(part, named) {
  const [, parents, percent, offspringSeed, classIndex, index] = CHILD.exec(part) ?? [];
  if (!parents || Number(percent) > 100 || Number(offspringSeed) > MAX_SEED) return null;
  /** @type {Offspring & {index?: number}} */
  const found = { parents: named(parents), percent: Number(percent), offspringSeed: Number(offspringSeed) };
  if (classIndex !== undefined) found.classIndex = Number(classIndex);
  return index === undefined ? found : { ...found, index: Number(index) };
}
