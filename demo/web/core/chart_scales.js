// The arithmetic of charts: scales, ticks, and labels that do not overlap.

const LABEL_HEIGHT = 14;
const LOG_ABOVE = 10; // a chart that may be logarithmic is so where its values span more than this factor
const MANY_DECADES = 100; // a factor: over more of it, only powers of ten are written
const SPANS = [10, 20, 30, 60, 90, 120, 180, 300, 600, 900, 1200, 1800, 3600];
const SECOND_STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400];

// 1, 2 or 5 times a power of ten, so that about `count` steps cover `span`.
function niceStep(span, count) {
  const rough = span / count, power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) * power;
}

/** A scale with about `count` round steps; `at` leads from values to 0 … 1.
 * @param {number} low @param {number} high @param {number} count */
export function linearScale(low, high, count) {
  const step = niceStep(Math.max(high - low, 1e-6), count);
  const first = Math.floor(low / step + 1e-9), last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const [start, end] = [ticks[0], ticks[ticks.length - 1]];
  return { ticks, at: (value) => (value - start) / (end - start) };
}

/** A logarithmic scale, a little wider than its values. @param {number} low above 0 @param {number} high */
export function logScale(low, high) {
  const [start, end] = [Math.log(low / 1.3), Math.log(high * 1.15)];
  const ticks = [], factors = high / low > MANY_DECADES ? [1] : [1, 3];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const factor of factors) ticks.push(factor * 10 ** power);
  }
  const at = (value) => (Math.log(value) - start) / (end - start);
  return { ticks: ticks.filter((tick) => at(tick) >= 0 && at(tick) <= 1), at };
}

/** The scale that suits some values.
 * @param {number[]} values @param {number[]} [fixed] [low, high], whatever the values
 * @param {boolean} [mayLog] whether it may be logarithmic */
export function scaleFor(values, fixed, mayLog) {
  if (fixed) return linearScale(fixed[0], fixed[1], 2);
  if (!values.length) return linearScale(0, 1, 2);
  const low = Math.min(...values), high = Math.max(...values);
  if (mayLog && low > 0 && high / low > LOG_ABOVE) return logScale(low, high);
  return linearScale(Math.min(low, 0), high, 3);
}

/** The time axis grows in steps while a run goes on, so that the curves do not shift at every update.
 * @param {number | undefined} seconds so far @param {number | undefined} budget @param {boolean} active */
export function spanOf(seconds, budget, active) {
  if (!seconds) return Math.min(budget || 60, 60);
  if (!active) return seconds;
  const span = SPANS.find((limit) => limit >= seconds) || Math.ceil(seconds / 3600) * 3600;
  return budget >= seconds ? Math.min(span, budget) : span;
}

/** Round times, five or six at most. @param {number} span in seconds */
export function timeTicks(span) {
  const step = SECOND_STEPS.find((step) => span / step <= 5) || 28800;
  return every(step, span);
}

/** The same for steps. @param {number} span */
export const stepTicks = (span) => every(niceStep(span, 5), span);
const every = (step, span) => Array.from({ length: Math.floor(span / step + 1e-9) + 1 }, (_, i) => i * step);

/** @param {any} value */
export const known = (value) => value !== null && value !== undefined;

/** The newest known value at `index` or before: the distance is measured only now and then.
 * @param {(number | null)[]} column @param {number} index @returns {{value: number, index: number} | null} */
export function valueAt(column, index) {
  while (index >= 0 && !known(column[index])) index--;
  return index >= 0 ? { value: column[index], index } : null;
}

/** Labels beside the ends of lines: moved apart until they no longer overlap, inside the plot.
 * @param {{y: number}[]} labels are moved @param {number} low @param {number} high */
export function spread(labels, low, high) {
  labels.sort((a, b) => a.y - b.y);
  labels.forEach((label, i) => {
    if (i) label.y = Math.max(label.y, labels[i - 1].y + LABEL_HEIGHT);
  });
  for (let i = labels.length - 1; i >= 0; i--) {
    const limit = i === labels.length - 1 ? high : labels[i + 1].y - LABEL_HEIGHT;
    labels[i].y = Math.max(Math.min(labels[i].y, limit), low);
  }
}
