// The table of runs so far: sort it, choose up to four, see them beside each other.
import { fetchRoute } from "../core/api.js";
import { make } from "../core/dom.js";
import { turns } from "../core/latest_request.js";
import { number, tenths } from "../core/numbers.js";
import * as status from "../run/run_status.js";
import * as seenRuns from "../run/seen_runs.js";

const MAX_CHOSEN = 4;
const POLL_MS = 2000; // between two polls of active runs
// `of` is a column's sort key, `format` formats its cells.
const COLUMNS = [
  { title: "Data", of: (row) => row.data },
  { title: "Method", of: (row) => row.method },
  { title: "Seed", of: (row) => row.seed, figures: true },
  { title: "Steps", of: (row) => row.step, format: (row) => row.step.toLocaleString("en"), figures: true },
  { title: "Seconds", of: (row) => row.seconds, format: (row) => tenths(row.seconds), figures: true },
  {
    title: "Distance",
    of: (row) => row.ratio ?? Infinity,
    format: formatDistance,
    hint: (row) => row.metric,
    figures: true,
  },
  { title: "State", of: (row) => row.message || row.state },
];

function formatDistance({ distance, ratio }) {
  return distance === null ? "–" : `${number(distance)} = ${number(ratio, 2)} × floor`;
}

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, _props, trigger) {
  const root = element.querySelector(".gs-runs");
  const chosen = new Set();
  let rows = [], sorted = { column: null, down: false }, timer = 0;
  const polling = turns();
  const body = make("tbody");
  const show = make("button", { onclick: () => trigger("show", { ids: chosenInOrder() }) });
  const heads = COLUMNS.map((column) => {
    const button = make("button", { onclick: () => sortBy(column) }, column.title);
    return make("th", { scope: "col", className: column.figures ? "gs-figure" : "" }, button);
  });
  const table = make(
    "table",
    make("thead", make("tr", make("th", { scope: "col" }, make("span.gs-hidden", "Chosen")), ...heads)),
    body,
  );
  const empty = make("p.gs-quiet", "None yet. Whatever you train here or in Train is listed, to come back to.");
  root.append(
    make("div.gs-runs-head", make("h3", "Runs so far"), show),
    empty,
    make("div.gs-scroll", { tabIndex: 0, role: "region", "aria-label": "Runs so far" }, table),
  );

  // In the order of the table, from the top.
  const chosenInOrder = () => ordered().map((row) => row.id).filter((id) => chosen.has(id));

  function ordered() {
    const { column, down } = sorted;
    if (!column) return rows;
    const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    return [...rows].sort((a, b) => order(column.of(a), column.of(b)) * (down ? -1 : 1));
  }

  function sortBy(column) {
    sorted = { column, down: sorted.column === column && !sorted.down };
    render();
  }

  async function poll() {
    const isNewest = polling();
    clearTimeout(timer);
    const names = seenRuns.all();
    let answer = [];
    try {
      if (names.length) answer = await (await fetchRoute(`runs?ids=${names.join(",")}`)).json();
    } catch {
      return; // connection errors are shown elsewhere
    }
    if (!isNewest()) return; // superseded by a newer request
    rows = answer;
    // The server forgets old runs, and all of them when it starts again.
    seenRuns.forget(names.filter((name) => !rows.some((row) => row.id === name)));
    for (const id of chosen) if (!rows.some((row) => row.id === id)) chosen.delete(id);
    render();
    if (rows.some((row) => status.isActive(row.state))) timer = setTimeout(poll, POLL_MS);
  }

  function render() {
    const focused = document.activeElement?.closest?.("tr")?.dataset.run;
    empty.hidden = rows.length > 0;
    table.hidden = show.hidden = !rows.length;
    heads.forEach((head, i) => {
      const mine = sorted.column === COLUMNS[i];
      head.setAttribute("aria-sort", mine ? (sorted.down ? "descending" : "ascending") : "none");
    });
    body.replaceChildren(...ordered().map(lineOf));
    if (focused) /** @type {HTMLElement} */ (body.querySelector(`[data-run="${focused}"] input`))?.focus();
    renderButton();
  }

  function renderButton() {
    show.disabled = !chosen.size;
    show.textContent = chosen.size
      ? `Show ${chosen.size === 1 ? "it" : `these ${chosen.size}`} above`
      : "Choose up to four";
    for (const box of body.querySelectorAll("input")) box.disabled = !box.checked && chosen.size >= MAX_CHOSEN;
  }

  function lineOf(row) {
    const box = make("input", {
      type: "checkbox",
      checked: chosen.has(row.id),
      "aria-label": `Choose ${row.method} on ${row.data}`,
    });
    box.onchange = () => {
      chosen[box.checked ? "add" : "delete"](row.id);
      renderButton();
    };
    const cells = COLUMNS.map(({ of, format, hint, figures }) =>
      make(
        "td",
        { className: figures ? "gs-figure" : "", title: hint ? hint(row) : "" },
        String(format ? format(row) : of(row)),
      )
    );
    const line = make("tr", make("td", box), ...cells);
    line.dataset.run = row.id;
    return line;
  }

  seenRuns.onChange(poll);
  // Runs end while another tab is open.
  new ResizeObserver(() => {
    if (root.clientWidth) poll();
  }).observe(root);
}
