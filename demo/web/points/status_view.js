// Points: the state of the buttons, and the status texts around the plot.
import { make } from "../core/dom.js";
import { changesOf, paceOf, statusOf } from "./status_words.js";

/** Uses the tab's elements and parts; shown() is the side whose settings are shown. */
export function statusView({ all, shown, player, share, slow, view }) {
  const session = () => shown().session;

  function showFinding() {
    const { finding } = session();
    view.finding.hidden = !finding;
    if (!finding || view.finding.dataset.words === finding.words) return;
    view.finding.dataset.words = finding.words;
    const changes = make("ul", ...(finding.changes ?? []).map((change) => make("li", change)));
    const again = () => make("button.gs-next", { onclick: player.cure }, "Start again, cured");
    view.finding.replaceChildren(make("p", finding.words), ...(finding.cure ? [again(), changes] : []));
  }

  function showButtons() {
    const running = all().some(({ session }) => session.running);
    const { recorded, over, frames, busy, settings, pace } = session();
    view.play.textContent = running ? "Pause" : recorded || player.finished() ? "Play again" : "Play";
    view.parts.hidden = !slow.on();
    view.hold.setAttribute("aria-pressed", String(slow.held()));
    share.update();
    view.slow.setAttribute("aria-pressed", String(slow.on()));
    for (const button of [view.step, view.onlyD, view.onlyG, view.slow]) button.disabled = busy || over;
    const last = frames.at(-1);
    view.status.textContent = statusOf({ slow: slow.on(), running, recorded, over, busy, last, steps: settings.steps });
    view.speed.textContent = running ? paceOf(pace) : "";
    announce(running, last);
  }

  // Announced to screen readers at start and pause, not at every step.
  let spoken = "";
  function announce(running, last) {
    const state = `${session().id} ${running}`;
    if (!last || state === spoken) return;
    spoken = state;
    view.spoken.textContent = running ? view.status.textContent : `${view.status.textContent}. ${shown().facts()}`;
  }

  // Changes of settings during the session.
  function showMarks() {
    const changes = changesOf(session().marks);
    view.changes.hidden = !changes.length;
    view.changes.replaceChildren(...changes.map((words) => make("li", words)));
  }

  function show() {
    showButtons();
    showFinding();
  }

  return { show, showButtons, showMarks };
}
