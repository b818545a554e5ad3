// Find: ten digits to search for.
import { pictureOf } from "../sketch/drawing.js";

// Digits as someone may draw them, in hundredths of the sheet: x, y, x, y, …
const DIGITS = [
  [[50, 18, 34, 26, 27, 45, 29, 66, 40, 81, 54, 82, 68, 70, 73, 50, 69, 30, 58, 19, 48, 19]],
  [[56, 18, 51, 50, 46, 82]],
  [[30, 32, 38, 20, 54, 17, 67, 26, 66, 41, 52, 58, 36, 72, 28, 81, 45, 78, 60, 79, 74, 81]],
  [[31, 24, 46, 17, 62, 21, 64, 34, 53, 45, 42, 47, 57, 49, 69, 60, 66, 74, 50, 83, 32, 78]],
  [[38, 18, 34, 35, 30, 52, 48, 52, 70, 50], [62, 22, 59, 50, 56, 84]],
  [[66, 19, 52, 20, 40, 20, 37, 45, 52, 42, 66, 52, 66, 70, 52, 82, 32, 78]],
  [[62, 18, 46, 28, 34, 50, 33, 70, 44, 82, 60, 79, 66, 66, 58, 55, 44, 57, 34, 68]],
  [[28, 22, 48, 21, 70, 21, 60, 42, 52, 62, 46, 84]],
  [[62, 26, 50, 18, 38, 25, 40, 37, 54, 48, 66, 60, 64, 76, 50, 83, 36, 75, 38, 61, 52, 48, 63, 37, 62, 27]],
  [[64, 30, 52, 19, 38, 25, 35, 40, 46, 49, 60, 42, 65, 29, 64, 52, 60, 84]],
];

/** One a digit: its lines, each a list of [x, y] in parts of the sheet. */
export const DRAWN_DIGITS = DIGITS.map((lines) =>
  lines.map((line) => Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i] / 100, line[2 * i + 1] / 100]))
);

/** A digit's picture, as the search would get it. @param {number[][][]} lines @param {number} size */
export const drawnDigit = (lines, size) => pictureOf(lines.map((points) => ({ points })), size, true);
