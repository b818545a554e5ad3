// The tutorial's program, line by line (demo/lessons/).
import { fetchRoute, query } from "../core/api.js";

/** @typedef {{text: string, changed: boolean, instead: string[]}} Line `instead`: the lines whose place it takes */

/** The program's lines, with a bug if one is named. @param {string} [bug] @returns {Promise<Line[]>} */
export const programOf = async (bug = "") => (await fetchRoute(`learn/program?${query({ bug })}`)).json();
