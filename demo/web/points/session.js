// Points: one session, its history, and the loop that polls while it runs.
import * as api from "./api.js";

const MAX_FRAMES = 480;
const EVERY_MS = 60; // between two polls; slow answers lengthen it
const MAX_LISTED = 4; // changes that are listed one by one
const HALF = 0.01; // offset of a half-step behind its step in the history

/**
 * A session.
 * @param {object} options
 * @param {(what: string) => void} options.changed after anything new
 * @param {(error: Error) => void} options.failed errors of requests
 */
export function pointSession({ changed, failed }) {
  const session = {
    id: null,
    about: null,
    settings: {},
    points: null,
    frames: [],
    marks: [],
    finding: null,
    running: false,
    over: false,
    recorded: false,
    pace: 0,
    busy: false,
    open,
    request,
    record,
    leave,
    play: (pace, goal) => request("play", { pace, goal }),
    pause: () => request("pause"),
    change: (settings) => request("change", { settings }),
  };
  let turn = 0, polling = 0;

  // Requests to a session are sequential, so that answers stay in order.
  let queue = Promise.resolve();
  const inOrder = (work) => (queue = queue.then(work, work));

  function take(answer) {
    const { frames, running, over, pace } = answer;
    Object.assign(session, { running, over, pace });
    if (answer.settings) applySettings(answer);
    frames.forEach(keep);
    if (frames.length) session.finding = frames.at(-1).finding[0] ?? null;
    changed("frames");
    if (running) poll();
  }

  // Settings in force, and what a new session is about.
  function applySettings(
    { settings, chosen, critic, corner, side, count, modes, floor, real, z, changed: words, restarted, command },
  ) {
    session.settings = plain(settings);
    if (corner) {
      session.about = { chosen, critic, corner, side, count, modes, floor, real, z };
      session.frames = [];
      session.marks = [];
      session.restarted = restarted ?? "";
    } else {
      session.about = { ...session.about, chosen, critic };
      session.restarted = "";
      // Changes before the first step are not marked.
      if (words?.length && place() > 0) session.marks.push({ at: place(), words: shortened(words) });
    }
    session.command = command;
    changed("about");
  }

  const place = () => session.frames.at(-1)?.place ?? 0;

  function keep(frame) {
    const last = session.frames.at(-1);
    const place = frame.half || (last && last.half && last.step === frame.step)
      ? Math.max(frame.step, (last?.place ?? 0) + HALF)
      : frame.step;
    const kept = { ...frame, place };
    // Polling a known step gives no new losses.
    if (last && last.place === place) session.frames[session.frames.length - 1] = { ...last, ...known(kept) };
    else session.frames.push(kept);
    if (session.frames.length > MAX_FRAMES) {
      const { frames } = session;
      session.frames = frames.filter((_, i) => i % 2 === 0 || i === frames.length - 1);
    }
  }

  async function open(settings, points) {
    const mine = ++turn;
    session.busy = true;
    changed("busy");
    await inOrder(async () => {
      try {
        const answer = await api.open(settings, points, session.id);
        // The new session may run in the old one's process, which must not be closed.
        if (mine !== turn) return answer.session !== session.id && api.close(answer.session);
        Object.assign(session, { id: answer.session, points, recorded: false, finding: null });
        take(answer);
      } catch (error) {
        failed(error);
      }
    });
    session.busy = false;
    changed("busy");
  }

  // The answer of the server to one request, or null after an error.
  function request(name, values) {
    if (!session.id) return Promise.resolve(null);
    const mine = turn;
    return inOrder(async () => {
      try {
        const answer = await api.request(session.id, name, values);
        if (mine === turn) take(answer);
        return answer;
      } catch (error) {
        session.running = false;
        changed("frames");
        failed(error);
        return null;
      }
    });
  }

  // Poll while the session runs and the page is visible.
  async function poll() {
    if (polling) return;
    polling = 1;
    while (session.running) {
      const began = performance.now();
      if (document.hidden) {
        await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
      }
      await request("look");
      const took = performance.now() - began;
      await new Promise((done) => setTimeout(done, Math.max(EVERY_MS - took, took / 2, 4)));
    }
    polling = 0;
  }

  // Show a recorded session; to continue, it must be opened.
  function record(answer) {
    applySettings(answer);
    answer.frames.forEach(keep);
    Object.assign(session, { recorded: true, running: false, over: false });
    changed("frames");
  }

  function leave() {
    if (session.id) api.close(session.id);
    session.id = null;
  }

  return session;
}

const shortened = (words) =>
  words.length > MAX_LISTED ? [...words.slice(0, MAX_LISTED), `and ${words.length - MAX_LISTED} more`] : words;

// Without default values: null means "as suggested".
function plain(settings) {
  const { changes, ...rest } = settings;
  const set = Object.entries({ ...rest, ...changes }).filter(([name, value]) => value !== null && name !== "seconds");
  return Object.fromEntries(set);
}

const known = (frame) => Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== null));
