// Report: a job evaluates a model; the card fills as measures arrive.
import { fieldsOf, keepState } from "../core/address.js";
import { fetchRoute, query } from "../core/api.js";
import { copyText, errorsIn, onEnter, saveAs } from "../core/dom.js";
import { jobOfThisPage } from "../core/jobs.js";
import { turns } from "../core/latest_request.js";
import { modelMenu } from "../core/model_menu.js";
import { receive, sendTo } from "../core/page.js";
import { linesFor } from "../export/export_panel.js";
import * as recordings from "../run/recorded.js";
import {
  build,
  CHOICE,
  clear,
  options,
  showClasses,
  showMeasures,
  showMessage,
  showPictures,
  showVerdict,
} from "./view.js";

/** @type {import("../core/types.d.ts").Mount} */
export function mount(element, props, trigger, watch) {
  const view = build(element.querySelector(".gs-report"));
  let model = null, measures = [], work = null, drawn = 0;
  const failed = errorsIn(view.error);

  async function open(name, _request, isNewest) {
    const described = fetchRoute(`report/about?${query({ model: name })}`).then((answer) => answer.json());
    const [about, recorded] = await Promise.all([described, recordings.ofModel("report", name)]);
    if (!isNewest()) return false;
    judging();
    halt();
    model = name;
    measures = about.measures;
    view.error.textContent = "";
    options(view, about.sources, about.data);
    chooseData();
    clear(view, measures);
    if (recorded) showRecorded(recorded);
    if (!sent) kept.opened();
    kept.changed();
    return true;
  }

  function showRecorded({ card, pictures, recorded }) {
    drawn = 0;
    fill({ card, pictures }, judging());
    view.notes.textContent = card.notes.join(" ");
    view.doing.textContent = `${recordings.words(recorded, "Judge")} ${recordings.whenOf(recorded)}.`;
  }

  const data = () => (view.data.value === CHOICE ? view.other.value.trim() : view.data.value);

  function chooseData() {
    view.other.hidden = view.data.value !== CHOICE;
  }

  const judging = turns();
  async function judge() {
    if (!model || work) return;
    if (!data()) {
      failed(new Error("Type a folder or a Hub id to judge by, or choose other data."));
      return;
    }
    const isNewest = judging();
    clear(view, measures);
    view.error.textContent = "";
    showMessage(view, "Measuring: the numbers come one after another.");
    busy(true, "Starting …");
    const request = { model, data: data(), samples: view.samples.valueAsNumber, seed: view.seed.valueAsNumber };
    try {
      const begun = await jobOfThisPage("report", request, (about) => isNewest() && follow(about, isNewest));
      if (!isNewest()) {
        begun.stop();
        return;
      }
      work = begun;
      const last = await begun.result;
      if (!isNewest()) return;
      if (last) finish(last, begun);
      else busy(false, "Stopped.");
    } catch (error) {
      if (!isNewest()) return;
      busy(false, "");
      failed(error);
    }
  }

  function follow({ state, place, latest }, isNewest) {
    if (state === "queued") view.doing.textContent = `Waiting: number ${place} in the queue.`;
    if (!latest) return;
    view.doing.textContent = `${latest.doing} …`;
    view.bar.style.width = `${100 * latest.part}%`;
    fill(latest, isNewest);
  }

  function fill({ card, pictures }, isNewest) {
    showMeasures(view, card.measures);
    showVerdict(view, card.verdict);
    showClasses(view, card.classes);
    const count = Object.keys(pictures).length;
    if (count === drawn) return;
    drawn = count;
    showPictures(view, pictures, isNewest).catch(failed);
  }

  function finish({ card }, begun) {
    busy(false, `Judged in ${card.seconds.toFixed(0)} s.`);
    view.bar.style.width = "100%";
    view.notes.textContent = card.notes.join(" ");
    for (const [name, button] of Object.entries(view.saves)) {
      button.disabled = false;
      button.onclick = async () => {
        try {
          saveAs(await (await fetchRoute(begun.file(name))).blob(), name);
        } catch (error) {
          failed(error);
        }
      };
    }
  }

  function busy(is, words) {
    if (!is) work = null;
    drawn = is ? 0 : drawn;
    view.judge.disabled = is;
    view.stop.disabled = !is;
    view.bar.style.width = "0";
    view.doing.textContent = words;
  }

  function halt() {
    if (work) work.stop();
    busy(false, "");
  }

  function stop() {
    judging();
    halt();
    view.doing.textContent = "Stopped.";
  }

  // The equivalent command line, and what it needs.
  async function copyCommand() {
    const settings = { samples: view.samples.valueAsNumber, seed: view.seed.valueAsNumber };
    try {
      const { command, needs } = await linesFor({ kind: "report", model, data: data(), ...settings });
      view.notice.textContent = `${await copyText(command) ? "Command copied." : command} ${needs}`;
    } catch (error) {
      failed(error);
    }
  }

  view.judge.onclick = judge;
  view.stop.onclick = stop;
  view.copy.onclick = copyCommand;
  view.map.onclick = () => sendTo("inside", { model, map: true });
  view.data.onchange = chooseData;
  onEnter(view.other, judge);
  let sent = false; // another tab's model takes the place of what the tab shows by itself
  const menu = modelMenu({ element, props, trigger, watch, open, shown: () => model });
  /** @returns {Record<string, any>} */
  const fields = () => (model ? { model } : {});
  const openLinked = (linked) => void menu.openLinked(linked.get("model"), {}, failed);
  const kept = keepState("report", fields, openLinked);
  receive("report", ({ model: name }) => {
    sent = true;
    menu.openAndTell(name).catch(failed);
  });
  if (!sent) openLinked(fieldsOf("report"));
}
