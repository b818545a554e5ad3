// Report's elements: the form, the verdict, a row with a scale for each measure, pictures.
import { MAX_SEED } from "../core/constants.js";
import { make } from "../core/dom.js";
import { fitFactor } from "../core/enlarge.js";

/** @typedef {Record<string, any>} View the card's elements by name */

const MIN_SIDE = 64; // CSS pixels that a picture takes

/** The menu's value for a typed folder or Hub id; no data set has this name. */
export const CHOICE = "\u0000";
const FOLDER = "Folder or Hub id";
const PAIRED = ["copied", "alike"];
const ORDER = ["copied", "alike", "unreal", "missed"];
const EMPTY = "Press Judge. In about half a minute you know what this model does well, what is wrong with it, and by " +
  "which number it shows.";

const BLANK = "The samples come here, with the pairs that tell whether it copies, and what it never draws.";

/** @param {Element} root @returns {View} */
export function build(root) {
  const number = (id, values) => make("input", { type: "number", id, step: 1, ...values });
  const disabled = { disabled: true };
  const view = {
    data: make("select", { id: "report-data" }),
    other: make("input", { type: "text", placeholder: FOLDER, "aria-label": FOLDER, spellcheck: false }),
    judge: make("button.gs-main", "Judge"),
    stop: make("button", disabled, "Stop"),
    samples: number("report-samples", { min: 10, max: 5000, value: 2000 }),
    seed: number("report-seed", { min: 0, max: MAX_SEED, value: 0 }),
    bar: make("div.gs-report-done"),
    doing: make("p.gs-quiet", { role: "status" }),
    error: make("p.gs-error", { role: "alert" }),
    verdict: make("section.gs-report-verdict", { "aria-label": "Verdict" }, make("p", EMPTY)),
    measures: make("div.gs-report-measures"),
    samplesShown: make("section.gs-report-samples"),
    classes: make("section", { hidden: true }),
    pictures: make("section"),
    map: make("button.gs-link", { hidden: true }, "See on the map where it draws nothing"),
    notes: make("p.gs-quiet"),
    saves: {
      "report.html": make("button", disabled, "Save as page"),
      "report.png": make("button", disabled, "Save as picture"),
      "report.json": make("button", disabled, "Save as JSON"),
    },
    copy: make("button", "Copy command"),
    notice: make("span.gs-quiet", { role: "status" }),
  };
  const label = (id, text, className = "") => make("label", { for: id, className }, text);
  const numbers = [label("report-samples", "Samples"), view.samples, label("report-seed", "Seed"), view.seed];
  const more = make("details.gs-report-more", make("summary", "More"), make("div.gs-row", ...numbers));
  const data = make("div.gs-row.gs-report-data", label("report-data", "Judge by", "gs-name"), view.data, view.other);
  const mark = (actor) => make("span", { className: `gs-mark gs-mark-${actor}` });
  const legend = [mark("fake"), " this model ", mark("real"), " other real pictures, measured the same way"];
  const left = [
    view.verdict,
    make("p.gs-quiet.gs-report-legend", ...legend),
    view.measures,
    make("div.gs-row", ...Object.values(view.saves), view.copy, view.notice),
    view.notes,
  ];
  const right = [view.samplesShown, view.classes, view.pictures, view.map];
  root.append(
    make("div.gs-row.gs-report-ask", data, view.judge, view.stop, more),
    make("div.gs-report-bar", view.bar),
    make("div.gs-report-doing", view.doing, view.error),
    make("div.gs-report-card", make("div.gs-report-left", ...left), make("div.gs-report-right", ...right)),
  );
  return view;
}

/** The data to judge by.
 * @param {View} view @param {[string, string][]} sources name and title @param {string | null} chosen */
export function options(view, sources, chosen) {
  const listed = sources.map(([name, title]) => make("option", { value: name, selected: name === chosen }, title));
  view.data.replaceChildren(...listed, make("option", { value: CHOICE }, "Folder or Hub id …"));
  if (!chosen) view.data.value = CHOICE;
}

const at = (place) => `${(100 * place).toFixed(2)}%`;

function row(measure, open) {
  const known = measure.value !== null;
  const marks = known
    ? [["real", measure.real_at], ["fake", measure.at]].map(([actor, place]) => {
      const mark = make("span", { className: `gs-mark gs-mark-${actor}` });
      mark.style.left = at(place);
      return mark;
    })
    : [];
  const [low, high] = measure.ends || ["", ""];
  const scale = make(
    "span.gs-scale",
    { "aria-hidden": "true" },
    make("span.gs-scale-line", ...marks),
    make("span.gs-scale-ends", make("span", low), make("span", high)),
  );
  const numbers = make(
    "span.gs-report-numbers",
    make("b", known ? measure.said : "–"),
    make("span.gs-quiet", known ? `real ${measure.real_said}` : ""),
  );
  const level = make("span.gs-report-level", known ? measure.level_said : "");
  const summary = make(
    "summary",
    make("span.gs-report-name", make("b", measure.title), make("span.gs-quiet", measure.meaning)),
    scale,
    numbers,
    level,
  );
  const element = make("details", { open }, summary, make("p.gs-quiet", measure.details));
  element.dataset.level = measure.level || "";
  element.dataset.measure = measure.name;
  return element;
}

/** Unfolded rows stay unfolded while others arrive. @param {View} view @param {any[]} measures */
export function showMeasures(view, measures) {
  const open = [...view.measures.children].map((each) => each.open);
  view.measures.replaceChildren(...measures.map((measure, i) => row(measure, Boolean(open[i]))));
}

/** @param {View} view @param {any} verdict */
export function showVerdict(view, verdict) {
  if (!verdict) return;
  const findings = verdict.findings.map((each) => {
    const item = make("li", make("b", `${each.title}. `), `${each.evidence} `, make("em", each.advice));
    item.dataset.level = each.level;
    return item;
  });
  view.verdict.replaceChildren(
    make("p.gs-report-headline", verdict.headline),
    ...(verdict.good ? [make("p.gs-report-good", verdict.good)] : []),
    make("ul", ...findings),
  );
}

/** Shares of classes, beside the real pictures'. @param {View} view @param {any} classes */
export function showClasses(view, classes) {
  view.classes.hidden = !classes;
  if (!classes) return;
  const most = Math.max(...classes.fake, ...classes.real), percent = (share) => `${(100 * share).toFixed(1)} %`;
  const cells = classes.names.map((name, i) => {
    const bars = ["fake", "real"].map((actor) => {
      const bar = make("span", { className: `gs-class-bar gs-class-${actor}` });
      bar.style.width = at(classes[actor][i] / most);
      return bar;
    });
    const words = `${name}: ${percent(classes.fake[i])} of the samples, ${
      percent(classes.real[i])
    } of the real pictures`;
    const cell = make(
      "li",
      { title: words },
      make("span.gs-class-name", name),
      make("span.gs-class-bars", { "aria-hidden": "true" }, ...bars),
      make("span.gs-hidden", words),
    );
    cell.dataset.rare = classes.rare.includes(name);
    return cell;
  });
  view.classes.replaceChildren(make("h3", "Classes"), make("ul.gs-report-classes", ...cells));
}

async function sheetOf({ sheet }) {
  const image = new Image();
  image.src = `data:image/webp;base64,${sheet}`;
  await image.decode();
  return image;
}

function cut(image, { size, columns }, index) {
  const canvas = make("canvas.gs-picture", { width: size, height: size });
  fitFactor(canvas, size, MIN_SIDE);
  canvas.getContext("2d").drawImage(image, -size * (index % columns), -size * Math.floor(index / columns));
  return canvas;
}

async function shown(name, sheet) {
  const image = await sheetOf(sheet);
  const pictures = Array.from({ length: sheet.count }, (_, i) => cut(image, sheet, i));
  const pairs = PAIRED.includes(name);
  const items = pairs
    ? pictures.filter((_, i) => i % 2 === 0).map((first, i) => make("span.gs-pair", first, pictures[2 * i + 1]))
    : pictures;
  return [
    make("h3", sheet.title),
    make("div.gs-report-pictures", { role: "img", "aria-label": sheet.title }, ...items),
  ];
}

/** @param {View} view @param {Record<string, any>} pictures */
export async function showPictures(view, pictures, isNewest) {
  const samples = pictures.samples ? await shown("samples", pictures.samples) : null;
  const parts = await Promise.all(ORDER.filter((name) => pictures[name]).map((name) => shown(name, pictures[name])));
  if (!isNewest()) return;
  if (samples) view.samplesShown.replaceChildren(...samples);
  view.pictures.replaceChildren(...parts.flat());
  view.map.hidden = !pictures.missed;
}

/** A sentence in the verdict's place. @param {View} view @param {string} words */
export const showMessage = (view, words) => view.verdict.replaceChildren(make("p", words));

/** An empty card. @param {View} view @param {any[]} measures */
export function clear(view, measures) {
  showMeasures(view, measures);
  showMessage(view, EMPTY);
  view.classes.hidden = true;
  view.samplesShown.replaceChildren(make("p.gs-report-blank.gs-quiet", BLANK));
  view.pictures.replaceChildren();
  view.map.hidden = true;
  view.notes.textContent = view.notice.textContent = "";
  for (const save of Object.values(view.saves)) save.disabled = true;
}
