// The mathematics of the figures, free of the page: densities on a line, and sets of points in the plane.

/** A normal density. @param {number} x @param {number} mean @param {number} width */
export const normal = (x, mean, width) => Math.exp(-(((x - mean) / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI));

/** The best D against densities p and q (Goodfellow et al. 2014, proposition 1). @param {number} p @param {number} q */
export const bestD = (p, q) => p + q > 0 ? p / (p + q) : 0.5;

const xlog = (weight, value) => weight > 0 ? weight * Math.log(value) : 0;

/** V(D*, G) = E_p log D* + E_q log(1 - D*), by the trapezoidal rule.
 * @param {number[]} p @param {number[]} q densities at even places @param {number} dx their distance */
export const valueOf = (p, q, dx) =>
  dx * p.reduce((sum, one, i) => sum + xlog(one, bestD(one, q[i])) + xlog(q[i], bestD(q[i], one)), 0);

/** The Jensen-Shannon divergence in nats, the same way. @param {number[]} p @param {number[]} q @param {number} dx */
export function jensenShannon(p, q, dx) {
  const half = (a, b) => a.reduce((sum, one, i) => sum + xlog(one, (2 * one) / (one + b[i])), 0);
  return dx * (half(p, q) + half(q, p)) / 2;
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** What G minimises, as functions of D's logit of a fake, with their slopes. */
export const G_LOSSES = {
  minimax: { loss: (x) => -softplus(x), slope: (x) => -sigmoid(x) },
  nonsaturating: { loss: (x) => softplus(-x), slope: (x) => -sigmoid(-x) },
};

/** log(1 + exp x). @param {number} x */
export const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** A generator of uniform numbers in [0, 1) from a seed (mulberry32). @param {number} seed */
export function uniforms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Normal numbers from uniform ones (Box and Muller). @param {() => number} uniform */
export const normals = (uniform) => () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

/** @typedef {[number, number]} Point */

/** The mean of points, and their covariance [xx, xy, yy]. @param {Point[]} points */
function moments(points) {
  const mean = [0, 1].map((k) => points.reduce((sum, point) => sum + point[k], 0) / points.length);
  const product = (j, k) =>
    points.reduce((sum, point) => sum + (point[j] - mean[j]) * (point[k] - mean[k]), 0) / (points.length - 1);
  return { mean, cov: [product(0, 0), product(0, 1), product(1, 1)] };
}

/** The Fréchet distance of two sets of points, each taken for a normal distribution (Dowson & Landau 1982, eq. 4).
 * @param {Point[]} a @param {Point[]} b */
export function frechet(a, b) {
  const one = moments(a), other = moments(b), [p, q, r] = one.cov, [s, t, u] = other.cov;
  const apart = (one.mean[0] - other.mean[0]) ** 2 + (one.mean[1] - other.mean[1]) ** 2;
  // The trace of the square root of a 2×2 matrix M: sqrt(tr M + 2 sqrt(det M)).
  const trace = p * s + 2 * q * t + r * u, det = (p * r - q * q) * (s * u - t * t);
  return apart + p + r + s + u - 2 * Math.sqrt(Math.max(0, trace + 2 * Math.sqrt(Math.max(0, det))));
}

const gap = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const sorted = (values) => values.sort((a, b) => a - b);
const K = 3;

/** Precision and recall by the K-th nearest neighbour (Kynkäänniemi et al. 2019, eq. 1 and 2).
 * @param {Point[]} real @param {Point[]} fake */
export function precisionRecall(real, fake) {
  const radii = (points) => points.map((one) => sorted(points.map((other) => gap(one, other)))[K]);
  const share = (points, others) => {
    const balls = radii(others);
    return points.filter((point) => others.some((other, i) => gap(point, other) <= balls[i])).length / points.length;
  };
  return { precision: share(fake, real), recall: share(real, fake) };
}

/** The share of fakes that are a training point, but for rounding. @param {Point[]} training @param {Point[]} fake */
export const copies = (training, fake) =>
  fake.filter((one) => training.some((other) => gap(one, other) < 1e-9)).length / fake.length;
