// Inside's mixing: the forms of some pictures in the colours of others, or with their details.
import { latents, pictures } from "../core/api.js";
import { make, paint, range, savePng, select } from "../core/dom.js";
import { latestRequest, turns } from "../core/latest_request.js";
import { fileName, number, randomSeed } from "../core/numbers.js";
import { mixed } from "./requests.js";
import { SEED, withStage } from "./stage_latents.js";

const FIRST = { columns: [5, 7, 23, 90], rows: [11, 42, 64, 101] };

/** @typedef {{columns: number[], rows: number[], share: number, level: number}} Mix seeds; how much of the rows, from
 * which entrance of z on */

/** @param {object} options
 * @param {() => any} options.now Inside's state
 * @param {(seed: number) => void} options.choose show the picture of a seed
 * @param {(edits: import("./edits.js").Edits, done: boolean) => void} options.change the picture
 * @param {() => void} options.changed something else is mixed
 * @param {Mix | undefined} options.linked what a link mixes */
export function mixOf({ now, choose, change, changed, linked }) {
  const grid = make("div.gs-mixtures", { role: "group", "aria-label": "Mixtures" });
  const share = range("How much of the rows", 0, 1, { step: 0.05, value: 1, oninput: draw });
  const level = select("From the rows:", []);
  level.onchange = draw;
  const tool = (text, hint, onclick) => make("button", { hint, onclick }, text);
  const error = make("p.gs-error", { role: "alert" });
  const levels = make("div.gs-row", make("span.gs-quiet", { "aria-hidden": "true" }, "From the rows:"), level);
  const picture = make("canvas", { width: 128, height: 128, "aria-hidden": "true" });
  const caption = make("figcaption.gs-quiet", { role: "status" });
  const whole = make("button", {
    hint: "Show this mixture as Inside's picture, to look into and to change",
    onclick: take,
  }, "Look inside");
  const figure = make("figure.gs-mix-large", { hidden: true }, picture, caption, whole);
  const tools = make(
    "div",
    make(
      "p.gs-quiet.gs-hint",
      "Each column gives the form, each row its colours or details: z comes into this network more than once.",
    ),
    make("div.gs-slider.gs-mix-share", make("span.gs-name", "How much of the rows"), share),
    levels,
    make("div.gs-mix-row", grid, figure),
    make(
      "div.gs-row",
      tool("Other pictures", "Mix other pictures", another),
      tool("Save the grid", "Save all mixtures as a PNG file", save),
    ),
  );
  const nameOf = (column, row) => `Form of seed ${column}, the rest of seed ${row}`;
  const begun = turns();
  let opened = null, seeds = FIRST, cells = [], large = null;

  const wanted = (more = {}) => ({ ...seeds, share: share.valueAsNumber, level: Number(level.value), ...more });
  const ask = latestRequest(
    ({ model, ...values }) => mixed(model, { ...values, draft: true }),
    (images, { model, columns }) => {
      if (model !== opened || columns !== seeds.columns) return;
      images.forEach((image, i) => paint(cells[i].querySelector("canvas"), image));
    },
    (failure) => void (error.textContent = failure.message),
    1,
  );

  function draw() {
    error.textContent = "";
    changed();
    ask({ model: opened, ...wanted() });
    if (large) askLarge({ model: opened, ...wanted({ columns: [large.column], rows: [large.row] }) });
  }

  function cell(label, onclick) {
    return make(
      "button.gs-mix-cell",
      { title: label, "aria-label": label, onclick },
      make("canvas", { width: 64, height: 64 }),
    );
  }

  // One mixture at full size, beside the grid.
  const askLarge = latestRequest(
    ({ model, ...values }) => mixed(model, values),
    ([image], { model, columns: [column], rows: [row] }) => {
      if (model !== opened || column !== large?.column || row !== large?.row) return;
      figure.hidden = false;
      paint(picture, image);
      caption.textContent = nameOf(column, row);
    },
    (failure) => void (error.textContent = failure.message),
    1,
  );

  function enlarge(column, row) {
    large = { column, row };
    draw();
  }

  // The latents of stages draw the same.
  function take() {
    const { column, row } = large, { mixes, edits } = now(), { share, level } = wanted();
    /** @type {import("./stage_latents.js").Stages} */
    let stages = {};
    for (let stage = level + 1; stage <= mixes.length; stage++) {
      stages = withStage(stages, stage, SEED, String(row), share);
    }
    change({ ...edits, stages }, true);
    choose(column);
  }

  async function open() {
    const { model, mixes } = now(), isNewest = begun();
    opened = model;
    large = null;
    figure.hidden = true;
    tools.hidden = !mixes.length;
    if (!mixes.length) return draw(); // the server says why not
    level.replaceChildren(...mixes.map((name, value) => make("option", { value }, name)));
    levels.hidden = mixes.length < 2;
    if (linked) put(linked);
    linked = undefined;
    const { columns, rows } = seeds,
      heads = [...columns, ...rows].map((seed) => cell(`Seed ${seed}`, () => choose(seed)));
    cells = rows.flatMap((row) => columns.map((column) => cell(nameOf(column, row), () => enlarge(column, row))));
    grid.style.setProperty("--gs-columns", String(columns.length + 1));
    grid.replaceChildren(
      make("span"),
      ...heads.slice(0, columns.length),
      ...rows.flatMap((_, i) => [
        heads[columns.length + i],
        ...cells.slice(i * columns.length, (i + 1) * columns.length),
      ]),
    );
    heads.forEach((head) => head.classList.add("gs-mix-head"));
    draw();
    try {
      const images = await pictures(model, await latents(model, [...columns, ...rows]), true);
      if (isNewest()) images.forEach((image, i) => paint(heads[i].querySelector("canvas"), image));
    } catch (failure) {
      if (isNewest()) error.textContent = failure.message;
    }
  }

  function put(/** @type {Mix} */ mix) {
    seeds = { columns: mix.columns, rows: mix.rows };
    share.value = String(mix.share);
    level.value = String(mix.level);
  }

  function another() {
    const some = (count) => Array.from({ length: count }, randomSeed);
    seeds = { columns: some(FIRST.columns.length), rows: some(FIRST.rows.length) };
    open();
  }

  function save() {
    const all = [...grid.querySelectorAll("canvas")], side = all[0].width, wide = seeds.columns.length + 1;
    const sheet = make("canvas", { width: wide * side, height: (seeds.rows.length + 1) * side });
    const pen = sheet.getContext("2d");
    all.forEach((canvas, i) => pen.drawImage(canvas, (i + 1) % wide * side, Math.floor((i + 1) / wide) * side));
    savePng(sheet, `${fileName(`${opened}-mixed-${number(share.valueAsNumber, 2)}`)}.png`);
  }

  return {
    children: [error, tools],
    /** What is mixed; undefined where nothing can be. @returns {Mix | undefined} */
    now: () => opened && cells.length ? wanted() : undefined,
    /** Mix what a link mixes. @param {Mix} mix */
    restore(mix) {
      linked = mix;
      open();
    },
    /** Called whenever the part is unfolded. */
    show() {
      if (now().info && now().model !== opened) open();
    },
    /** Another model was opened. @param {boolean} unfolded whether the part is open */
    forget(unfolded) {
      opened = large = null;
      if (unfolded) open();
    },
  };
}
