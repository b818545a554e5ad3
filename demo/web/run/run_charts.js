// The three charts of a run: the losses, the outputs of D, and the distance of the fakes.
import { term } from "../core/dom.js";
import { chart } from "../core/line_chart.js";
import { number } from "../core/numbers.js";

/** What a chart is used for.
 * @typedef {Pick<import("../core/types.d.ts").ChartOptions, "pick" | "hover" | "axis">} Actions */

const players = [
  { name: "D", column: "d_loss", actor: "discriminator", shape: "square" },
  { name: "G", column: "g_loss", actor: "generator", shape: "triangle", dash: "6 3" },
];
const believed = [
  { name: "D(real)", column: "d_real", actor: "real", shape: "circle" },
  { name: "D(fake)", column: "d_fake", actor: "fake", shape: "diamond", dash: "6 3" },
];
const measured = [{ name: "fakes", column: "distance", actor: "fake", shape: "diamond", dots: true }];
const chance = { value: 0.5, text: "" };
const formatLoss = ({ name }, value) => `${name} ${number(value)}`;
const formatBelief = ({ name }, value) => `${name} ${value.toFixed(2)}`;

/** A distance beside that of real pictures to real ones. @param {number} value @param {number} [floor] */
export const inFloors = (value, floor) => number(value) + (floor ? ` = ${number(value / floor, 2)} × the floor` : "");

/** The line at that distance. @param {number | undefined} floor */
export const ruleAt = (floor) =>
  floor ? { value: floor, text: `real against real: ${number(floor)}`, actor: "real" } : null;
const formatDistance = (_, value, { reference, past }) =>
  `${past ? "then" : "now"} ${inFloors(value, reference?.value)}`;

/** @param {Actions} actions */
export const losses = (actions) =>
  chart({
    ...actions,
    title: "Losses of D and G",
    words: term("losses", "Losses of D and G"),
    series: players,
    format: formatLoss,
  });

/** @param {Actions} actions */
export const beliefs = (actions) =>
  chart({
    ...actions,
    title: "Output of D",
    words: term("d_output", "Output of D"),
    series: believed,
    range: [0, 1],
    ends: { 0: "fake 0", 0.5: "guess", 1: "real 1" },
    reference: chance,
    format: formatBelief,
  });

/** @param {Actions} actions */
export const distance = (actions) =>
  chart({
    ...actions,
    title: "Distance",
    words: term("distance", "Distance"),
    series: measured,
    log: true,
    format: formatDistance,
  });
