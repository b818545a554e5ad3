// Report: a job evaluates a model; the card fills as measures arrive.
import { fetchRoute, query } from "../core/api.js";
import { copyText, errorsIn, onEnter, saveAs } from "../core/dom.js";
import { jobOfThisPage } from "../core/jobs.js";
import { receive } from "../core/page.js";
import { linesFor } from "../export/export_panel.js";
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
  let model = null, measures = [], work = null, turn = 0, drawn = 0;
  const failed = errorsIn(view.error);

  async function open(name) {
    const mine = ++turn;
    halt();
    try {
      const about = await (await fetchRoute(`report/about?${query({ model: name })}`)).json();
      if (mine !== turn) return false;
      model = name;
      measures = about.measures;
      view.error.textContent = "";
      options(view, about.sources, about.data);
      chooseData();
      clear(view, measures);
      return true;
    } catch (error) {
      if (mine === turn) failed(error);
      return false;
    }
  }

  const data = () => (view.data.value === CHOICE ? view.other.value.trim() : view.data.value);

  function chooseData() {
    view.other.hidden = view.data.value !== CHOICE;
  }

  async function judge() {
    if (!model || work) return;
    if (!data()) {
      failed(new Error("Type a folder or a Hub id to judge by, or choose other data."));
      return;
    }
    const mine = ++turn;
    clear(view, measures);
    view.error.textContent = "";
    showMessage(view, "Measuring: the numbers come one after another.");
    busy(true, "Starting …");
    const request = { model, data: data(), samples: view.samples.valueAsNumber, seed: view.seed.valueAsNumber };
    try {
      const begun = await jobOfThisPage("report", request, (about) => mine === turn && follow(about, mine));
      if (mine !== turn) {
        begun.stop();
        return;
      }
      work = begun;
      const last = await begun.result;
      if (mine !== turn) return;
      if (last) finish(last, begun);
      else busy(false, "Stopped.");
    } catch (error) {
      if (mine !== turn) return;
      busy(false, "");
      failed(error);
    }
  }

  function follow({ state, place, latest }, mine) {
    if (state === "queued") view.doing.textContent = `Waiting: number ${place} in the queue.`;
    if (!latest) return;
    view.doing.textContent = `${latest.doing} …`;
    view.bar.style.width = `${100 * latest.part}%`;
    fill(latest, mine);
  }

  function fill({ card, pictures }, mine) {
    showMeasures(view, card.measures);
    showVerdict(view, card.verdict);
    showClasses(view, card.classes);
    const count = Object.keys(pictures).length;
    if (count === drawn) return;
    drawn = count;
    showPictures(view, mine === turn ? pictures : {}).catch(failed);
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
    turn++;
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
  view.data.onchange = chooseData;
  onEnter(view.other, judge);
  let handed = false;
  receive("report", async ({ model: name }) => {
    handed = true;
    if (await open(name)) trigger("moved", { name });
  });
  watch("value", () => props.value.known || open(props.value.model));
  if (!handed) open(props.value.model);
}
