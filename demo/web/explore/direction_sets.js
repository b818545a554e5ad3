// Explore's sets of directions: which one is shown, what its sliders are called and how far each is
// moved. Moves of a set that is not shown count as well: switching sets does not change the picture.
import { fetchRoute, query } from "../core/api.js";
import { fillFromMiddle, make, term } from "../core/dom.js";
import { signed } from "../core/numbers.js";

const FORMER = "from an older link: it changes more than its name says";
const LOOKING = "Computing the directions: this takes some seconds.";
/** How a set without names was found. @type {Record<string, () => Node>} */
const HOW = { sefa: () => term("sefa", "How?"), pca: () => term("pca", "How?") };
const FEW = 8; // sliders at first: many make it harder to find the right one

/** Uses Explore's state and elements. `state.moves` has the moves of each set by its key, `state.set` is the key of
 * the one shown. changed() is called after a set came or another is shown, complete(request) once all that a link's
 * request asks for is here.
 * @param {Record<string, any>} explore */
export function directionSets({ state, view, changed, failed, complete }) {
  let whole = false; // all sliders, not the first few
  let looking = null; // key of the set that is being fetched

  const all = () => state.info.sets;
  const find = (key) => all().find((set) => set.key === key);
  const shown = () => find(state.set)?.directions ?? [];
  const moved = (moves) => Object.values(moves).some((amounts) => amounts.some(Boolean));
  const amount = (k) => state.moves[state.set]?.[k] ?? 0;
  // The moves with slider k of the shown set at `value`.
  const put = (k, value) => ({
    moves: { ...state.moves, [state.set]: shown().map((_, j) => (j === k ? value : amount(j))) },
  });

  // z, with all moves of all sets added, in their order.
  function add(z, moves, { sets }) {
    for (const { key, directions } of sets) {
      directions?.forEach(({ vector }, k) => {
        const by = moves[key]?.[k];
        if (by) {
          vector.forEach((part, i) => {
            z[i] += by * part;
          });
        }
      });
    }
  }

  // Moves as amounts by set and name.
  const named = (moves) =>
    Object.fromEntries(
      all().map(({ key, directions }) => [
        key,
        Object.fromEntries((directions ?? []).map(({ name }, k) => [name, moves[key]?.[k] ?? 0])),
      ]),
    );

  // A model was opened: its set to show, and the moves in a link.
  function open(/** @type {any} */ request = {}) {
    const { set, moves = {} } = request;
    whole = false;
    looking = null;
    const first = all().find(({ directions }) => directions).key;
    state.set = find(set) ? set : moves.sefa ? "sefa" : first;
    state.moves = {};
    for (const { key } of all()) take(key, moves[key]);
    const missing = all().filter(({ key, directions }) => !directions && (key === state.set || moves[key]));
    if (missing.length) bring(missing.map(({ key }) => key), request);
    else complete(request);
  }

  // Moves of a link: numbers in order, or [name, number] pairs.
  function take(key, requested) {
    const directions = find(key).directions ?? [];
    const named = new Map(
      Array.isArray(requested?.[0]) ? requested : (requested ?? []).map((value, k) => [directions[k]?.name, value]),
    );
    state.moves[key] = directions.map(({ name }) => named.get(name) ?? 0);
  }

  async function bring(keys, /** @type {any} */ request = {}) {
    const { info } = state, { moves = {} } = request;
    looking = keys[0];
    show();
    try {
      for (const key of keys) {
        const found = await (await fetchRoute(`directions?${query({ model: state.model, set: key })}`)).json();
        if (info !== state.info) return;
        for (const set of found) {
          const place = info.sets.findIndex((each) => each.key === set.key);
          if (place < 0) info.sets.splice(1, 0, set);
          else if (!info.sets[place].directions) info.sets[place] = set;
          take(set.key, moves[set.key]);
        }
      }
    } catch (error) {
      if (info !== state.info) return;
      if (!find(state.set).directions) state.set = all().find(({ directions }) => directions).key;
      failed(error);
      request = null;
    }
    if (info !== state.info) return;
    if (request) complete(request);
    looking = null;
    show();
    changed();
  }

  function choose(key) {
    if (key === state.set) return;
    state.set = key;
    whole = false;
    if (!find(key).directions) return bring([key]);
    show();
    changed();
  }

  // The same buttons as long as the sets are the same, so that the keyboard stays where it is.
  function showChoice() {
    const keys = all().map(({ key }) => key), held = view.sets.contains(document.activeElement);
    if (view.sets.dataset.keys !== String(keys)) {
      view.sets.dataset.keys = String(keys);
      view.sets.replaceChildren(
        ...all().map(({ key, title }) => make("button", { onclick: () => choose(key) }, title)),
      );
    }
    all().forEach(({ key, title }, i) => {
      const button = view.sets.children[i], chosen = key === state.set;
      const aside = !chosen && Boolean(state.moves[key]?.some(Boolean));
      button.setAttribute("aria-pressed", chosen);
      button.setAttribute("aria-label", aside ? `${title}, has moved sliders` : title);
      button.classList.toggle("gs-moved", aside);
      if (held && chosen) button.focus();
    });
  }

  // The choice above the sliders, their names and their values.
  function show() {
    if (!state.info) return;
    const { hint } = find(state.set), directions = shown();
    showChoice();
    showHint(directions.length ? hint : looking ? LOOKING : "There are none.");
    view.directions.forEach((row, k) => {
      const one = directions[k];
      // A former direction has a slider only where a link has moved it.
      // One that is moved stays in sight when the others are folded.
      row.row.hidden = !one || (!amount(k) && (one.former || (!whole && k >= FEW)));
      if (!one) return;
      const numbered = /^\d+$/.test(one.name);
      if (row.vector !== one.vector) forget(row);
      row.vector = one.vector;
      row.name.textContent = numbered ? `Direction ${one.name}` : one.name;
      const words = one.former ? FORMER : one.hint;
      row.hint.textContent = words;
      row.row.title = words;
      row.slider.setAttribute("aria-label", row.name.textContent);
      row.slider.value = amount(k);
      fillFromMiddle(row.slider);
      row.text.textContent = signed(amount(k));
    });
    const rest = directions.filter(({ former }, k) => !former && k >= FEW && (whole || !amount(k))).length;
    view.more.hidden = !rest;
    view.more.textContent = whole ? "Fewer" : `${rest} more`;
    view.more.setAttribute("aria-expanded", String(whole));
  }

  function showHint(words) {
    if (view.setHint.dataset.words === words + state.set) return; // it may have the focus
    view.setHint.dataset.words = words + state.set;
    view.setHint.replaceChildren(words, " ", HOW[state.set]?.() ?? "");
  }

  // Previews of another direction would mislead.
  function forget(row) {
    row.drawn = null;
    row.strip.getContext("2d").clearRect(0, 0, row.strip.width, row.strip.height);
  }

  view.more.onclick = () => {
    whole = !whole;
    show();
    changed();
    if (whole) view.directions[FEW].slider.focus();
    else view.more.scrollIntoView({ block: "nearest" });
  };

  return { add, amount, moved, named, open, put, show };
}
