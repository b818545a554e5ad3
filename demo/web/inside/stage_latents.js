// Latents of single stages as text in edits (gan/inside/stage_latents.py reads the same).
import { REACH } from "../core/constants.js";
import { isSeed } from "../core/numbers.js";

export const SEED = "seed";
const CHANGE = /^z(\d{1,2})\.([a-z]{1,8})\.([A-Za-z0-9_-]{1,24})x(-?\d(?:\.\d{1,3})?)$/;

/** By "stage.set.name" how far a stage's latent is moved along a direction, by "stage.seed.42" its share of the way to
 * a seed's; stages are counted from 1. Never changed: each change makes others.
 * @typedef {Record<string, number>} Stages */

const keyOf = (stage, set, name) => `${stage}.${set}.${name}`;

/** What a text says, for withStage; null for any other text. @param {string} text
 * @returns {[stage: number, set: string, name: string, amount: number] | null} */
export function readStage(text) {
  const found = text.match(CHANGE);
  return found && [Number(found[1]), found[2], found[3].replaceAll("_", " "), Number(found[4])];
}

/** @param {Stages} stages */
export const stageTexts = (stages) =>
  Object.entries(stages).map(([key, amount]) => `z${key.replaceAll(" ", "_")}x${Math.round(amount * 1000) / 1000}`);

/** These with another amount: 0 leaves it out; a stage goes towards one seed alone.
 * @param {Stages} stages @param {number} stage @param {string} set or SEED @param {string} name @param {number} amount
 * @returns {Stages} */
export function withStage(stages, stage, set, name, amount) {
  const key = keyOf(stage, set, name), same = set === SEED ? keyOf(stage, SEED, "") : key;
  const others = Object.entries(stages).filter(([each]) => set === SEED ? !each.startsWith(same) : each !== key);
  return Object.fromEntries(amount ? [...others, [key, amount]] : others);
}

/** Without what is said of a stage. @param {Stages} stages @param {number} stage @returns {Stages} */
export const withoutStage = (stages, stage) =>
  Object.fromEntries(Object.entries(stages).filter(([key]) => !key.startsWith(`${stage}.`)));

/** @param {Stages} stages @param {number} stage @param {string} set @param {string} name */
export const amountOf = (stages, stage, set, name) => stages[keyOf(stage, set, name)] ?? 0;

/** The seed that a stage goes towards, and its share. @param {Stages} stages @param {number} stage
 * @returns {{seed: number, share: number} | null} */
export function seedOf(stages, stage) {
  const found = Object.keys(stages).find((key) => key.startsWith(keyOf(stage, SEED, "")));
  return found ? { seed: Number(found.split(".")[2]), share: stages[found] } : null;
}

/** Whether a stage has a latent of its own. @param {Stages} stages @param {number} stage */
export const isMoved = (stages, stage) => Object.keys(stages).some((key) => key.startsWith(`${stage}.`));

/** Whether a model with so many stages and these sets of directions has all of them.
 * @param {Stages} stages @param {number} count
 * @param {{key: string, directions: {name: string}[] | null}[]} sets */
export function fitsModel(stages, count, sets) {
  return Object.entries(stages).every(([key, amount]) => {
    const [stage, set, name] = key.split(".");
    if (!(Number(stage) >= 1 && Number(stage) <= count)) return false;
    if (set === SEED) return /^\d{1,10}$/.test(name) && isSeed(Number(name)) && amount >= 0 && amount <= 1;
    const found = sets.find((each) => each.key === set)?.directions ?? [];
    return Math.abs(amount) <= REACH && found.some((each) => each.name === name);
  });
}
