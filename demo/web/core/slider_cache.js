// A slider's axis: prefetches the pictures along a slider, so that a drag paints from
// memory in the same frame, whatever the latency.
const FIRST = 32; // pictures of the first, coarse request, at most
const AROUND = 3; // it also brings those next to the slider, for the arrow keys
const HOVER_MS = 100; // a mouse that only passes over triggers no request

/**
 * One slider's axis. Positions are whole steps, counted from the slider's left end.
 * @param {object} options
 * @param {HTMLInputElement} options.slider
 * @param {(value: number) => Float32Array} options.at the latent vector with the slider there and all else as it is
 * @param {(value: number) => Float32Array | number[]} [options.identify] the same, or other numbers that tell lines
 *   apart by their values at the slider's ends
 * @param {() => any} options.owner what draws it; null before there is one
 * @param {(rows: Float32Array[]) => Promise<ImageData[]>} options.draw
 * @param {() => void} options.arrived called when new pictures are here
 * @param {() => ((one: any, other: any, share: number) => any) | null} [options.mix] where pictures are costly, gives
 *   what mixes two of them: then only the coarse ones are requested, and those between are mixed
 */
export function axis({ slider, at, identify = at, owner, draw, arrived, mix = () => null }) {
  const low = Number(slider.min), step = Number(slider.step), last = Math.round((Number(slider.max) - low) / step);
  const decimals = (slider.step.split(".")[1] || "").length;
  const strides = stridesOf(last);
  let line = {}, taken = null, held = false, hover = 0;

  // Rounded as the slider's value text: adding up steps would drift.
  const value = (place) => Number((low + place * step).toFixed(decimals));
  const placeOf = (value) => Math.round((value - low) / step);
  const place = () => placeOf(slider.valueAsNumber);

  // Cached pictures belong to one straight line of latents, identified by its ends.
  function current() {
    const mine = owner(), ends = [identify(low), identify(value(last))];
    if (line.owner !== mine || !ends.every((end, i) => equal(end, line.ends[i]))) {
      line = { owner: mine, ends, pictures: new Map(), requested: new Set() };
    }
    return line;
  }

  async function load(places) {
    const mine = current();
    const missing = [...new Set(places)].filter((place) => !mine.requested.has(place));
    if (!missing.length) return;
    for (const place of missing) mine.requested.add(place);
    try {
      const pictures = await draw(missing.map((place) => at(value(place))));
      missing.forEach((place, i) => mine.pictures.set(place, pictures[i]));
    } catch (error) {
      for (const place of missing) mine.requested.delete(place);
      throw error;
    }
    if (mine === current()) arrived();
  }

  // Coarse first; finer ones only while the slider is held. True when all are loaded.
  async function loadAll(mine) {
    const here = place(), [first, ...finer] = strides;
    if (mix()) return await load(grid(first)), mine === current();
    const around = Array.from({ length: 2 * AROUND + 1 }, (_, i) => here + i - AROUND);
    await load([...grid(first), ...around.filter((place) => place >= 0 && place <= last)]);
    if (!held || mine !== current()) return false;
    await Promise.all(finer.map((stride) => load(grid(stride))));
    return true;
  }

  const grid = (stride) => Array.from({ length: last / stride + 1 }, (_, i) => i * stride);

  async function take() {
    if (!owner() || taken === current()) return;
    const mine = taken = current();
    // Failures are ignored here: the request for the exact picture reports them.
    const whole = await loadAll(mine).catch(() => false);
    if (taken === mine && !whole) taken = null;
  }
  function hold() {
    held = true;
    take();
  }
  function rest() {
    clearTimeout(hover);
    hover = setTimeout(take, HOVER_MS);
  }
  const leave = () => clearTimeout(hover);
  function release() {
    leave();
    held = false;
  }
  const listeners = {
    pointerdown: hold,
    input: hold,
    pointerup: release,
    pointercancel: release,
    blur: release,
    focus: rest,
    pointerenter: (event) => {
      if (event.pointerType === "mouse") rest();
    },
    pointerleave: leave,
  };
  for (const [name, listener] of Object.entries(listeners)) slider.addEventListener(name, listener);

  // The picture nearest to a position, of those that are here, or a mixed one: {place, picture}, or null.
  function nearest(wanted) {
    let below = null, above = null;
    for (const [place, picture] of current().pictures) {
      if (place <= wanted && !(below?.place >= place)) below = { place, picture };
      if (place >= wanted && !(above?.place <= place)) above = { place, picture };
    }
    if (!below || !above) return below ?? above;
    const between = mix(), apart = above.place - below.place;
    if (between && apart && apart <= strides[0]) {
      return { place: wanted, picture: between(below.picture, above.picture, (wanted - below.place) / apart) };
    }
    return above.place - wanted < wanted - below.place ? above : below;
  }

  return { line: current, place, placeOf, value, load, nearest, reach: strides[0] / 2 };
}

// Powers of two, down to 1, from the least that makes the first request small.
function stridesOf(last) {
  const most = Math.max(0, Math.ceil(Math.log2(last / (FIRST - 1))));
  return Array.from({ length: most + 1 }, (_, i) => 2 ** (most - i));
}

const equal = (one, other) => one.length === other.length && one.every((value, i) => value === other[i]);
