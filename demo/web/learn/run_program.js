// Runs the tutorial's program on the server, with a bug or without, and shows it as it goes.
import { make } from "../core/dom.js";
import { job } from "../core/jobs.js";
import { fill } from "../core/texts.js";

const SIDE = 256; // CSS pixels of 8×8 samples of 16 pixels

/** The samples, and a line about them. @param {Record<string, string>} words */
export function programRun(words) {
  const sheet = make("img.gs-picture.gs-samples", { alt: words.samples, width: SIDE, height: SIDE, hidden: true });
  const bar = make("progress", { max: 1, value: 0, hidden: true, "aria-label": words.run });
  const state = make("p.gs-quiet", { role: "status" });
  /** @type {ReturnType<typeof job> | null} */
  let running = null;

  function show(/** @type {any} */ latest) {
    if (!latest) return;
    bar.value = latest.part;
    if (latest.sheet) {
      sheet.src = `data:image/webp;base64,${latest.sheet}`;
      sheet.hidden = false;
      const [d, g] = [latest.d_loss, latest.g_loss].map((value) => value.toFixed(2));
      state.textContent = fill(words.state, { step: latest.step, d, g });
    }
  }

  /** Run it; the last news, or null if it was stopped. @param {string} bug @returns {Promise<any>} */
  async function run(bug) {
    running?.stop();
    const mine = running = job("learn/run", { method: "POST", body: JSON.stringify({ bug }) }, ({ latest }) => {
      if (running === mine) show(latest);
    });
    sheet.hidden = true;
    bar.hidden = false;
    bar.value = 0;
    try {
      return await mine.result;
    } finally {
      if (running === mine) {
        running = null;
        bar.hidden = true;
      }
    }
  }

  return {
    element: make("div.gs-program-run", sheet, bar, state),
    run,
    stop: () => running?.stop(),
    running: () => running !== null,
  };
}

/** A button that runs the program, and stops it while it runs.
 * @param {Record<string, string>} words @param {ReturnType<typeof programRun>} runner
 * @param {() => Promise<void>} act runs it, or says why not @param {(error: Error) => void} failed */
export function runButton(words, runner, act, failed) {
  const button = make("button.gs-main", {
    async onclick() {
      if (runner.running()) return runner.stop();
      const done = act().catch(failed);
      if (runner.running()) button.textContent = words.stop;
      await done;
      button.textContent = words.run;
    },
  }, words.run);
  return button;
}
