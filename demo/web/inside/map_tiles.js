// Which pictures of a map are shown: the first in each square of a grid, which halves as one comes nearer. So those
// that are shown stay, and more come between them.
import { MAP_PLACES as PLACES } from "../core/constants.js";

/** @typedef {object} LatentMap as gan/maps/map_file.py has it
 * @property {number[]} x @property {number[]} y from 0 to 10,000
 * @property {number} fakes how many are drawn, the first; the rest are real
 * @property {number[]} classes of the fakes, none without classes
 * @property {string[]} names @property {number} side @property {number} columns of the sheet of thumbnails */
/** @typedef {{column: number, row: number, fake: number, real: number}} Tile the first of each kind, -1 without */

const TOGETHER = 0.18; // half of the pictures of a class, at most so far from their middle: a tenth of the map

/** @param {LatentMap} map */
export function tilesOf(map) {
  /** @type {Map<number, Map<string, Tile>>} */
  const levels = new Map();

  /** The tiles of a grid with this many squares a side, by `column,row`. @param {number} squares */
  function at(squares) {
    const known = levels.get(squares);
    if (known) return known;
    const tiles = new Map();
    map.x.forEach((_, index) => {
      const { column, row } = squareOf(index, squares), key = `${column},${row}`;
      const tile = tiles.get(key) ?? { column, row, fake: -1, real: -1 }, kind = index < map.fakes ? "fake" : "real";
      if (tile[kind] < 0) tile[kind] = index;
      tiles.set(key, tile);
    });
    levels.set(squares, tiles);
    return tiles;
  }

  /** @param {number} index @param {number} squares */
  function squareOf(index, squares) {
    const place = (value) => Math.min(squares - 1, Math.floor(value / PLACES * squares));
    return { column: place(map.x[index]), row: place(map.y[index]) };
  }

  return { at, squareOf };
}

/** What classes are called, and where most of their pictures lie, from 0 to 1: of those that lie together, half of them
 * in a tenth of the map. @param {LatentMap} map @returns {{name: string, x: number, y: number}[]} */
export function classPlaces({ x, y, classes, names }) {
  return names.flatMap((name, label) => {
    const mine = classes.flatMap((each, index) => each === label ? [index] : []);
    if (!mine.length) return [];
    const middle = { x: median(mine.map((index) => x[index])), y: median(mine.map((index) => y[index])) };
    const apart = median(mine.map((index) => Math.hypot(x[index] - middle.x, y[index] - middle.y)));
    return apart < TOGETHER * PLACES ? [{ name, x: middle.x / PLACES, y: middle.y / PLACES }] : [];
  });
}

const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1];
