// Points: one game, its history, and the loop that keeps asking while it runs.
import * as api from "./api.js";

const MOST_FRAMES = 480;
const EVERY_MS = 60; // between two looks; a server that answers slowly is asked as much less often
const MOST_WORDS = 4; // changes that are told one by one
const HALF = 0.01; // how far a half-step stands behind its step in the history

/**
 * A game.
 * @param {object} given
 * @param {(what: string) => void} given.changed after anything new
 * @param {(error: Error) => void} given.failed what the server refused
 */
export function pointSession({ changed, failed }) {
  const game = {
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
    ask,
    record,
    leave,
    play: (pace, goal) => ask("play", { pace, goal }),
    pause: () => ask("pause"),
    change: (settings) => ask("change", { settings }),
  };
  let turn = 0, looking = 0;

  // Whatever is asked of a game is asked in order: an answer never overtakes a later one.
  let queue = Promise.resolve();
  const inOrder = (work) => (queue = queue.then(work, work));

  function take(answer) {
    const { frames, running, over, pace } = answer;
    Object.assign(game, { running, over, pace });
    if (answer.settings) tell(answer);
    frames.forEach(keep);
    if (frames.length) game.finding = frames.at(-1).finding[0] ?? null;
    changed("frames");
    if (running) keepLooking();
  }

  // Settings in force, and what a new game is about.
  function tell(
    { settings, chosen, critic, corner, side, count, modes, floor, real, z, changed: words, restarted, command },
  ) {
    game.settings = plain(settings);
    if (corner) {
      game.about = { chosen, critic, corner, side, count, modes, floor, real, z };
      game.frames = [];
      game.marks = [];
      game.restarted = restarted ?? "";
    } else {
      game.about = { ...game.about, chosen, critic };
      game.restarted = "";
      // What was set before the first step is no change of a game that goes on.
      if (words?.length && place() > 0) game.marks.push({ at: place(), words: shortened(words) });
    }
    game.command = command;
    changed("about");
  }

  const place = () => game.frames.at(-1)?.place ?? 0;

  function keep(frame) {
    const last = game.frames.at(-1);
    const place = frame.half || (last && last.half && last.step === frame.step)
      ? Math.max(frame.step, (last?.place ?? 0) + HALF)
      : frame.step;
    const kept = { ...frame, place };
    // A look at a step that is known brings no new losses.
    if (last && last.place === place) game.frames[game.frames.length - 1] = { ...last, ...known(kept) };
    else game.frames.push(kept);
    if (game.frames.length > MOST_FRAMES) {
      const { frames } = game;
      game.frames = frames.filter((_, i) => i % 2 === 0 || i === frames.length - 1);
    }
  }

  async function open(settings, points) {
    const mine = ++turn;
    game.busy = true;
    changed("busy");
    await inOrder(async () => {
      try {
        const answer = await api.open(settings, points, game.id);
        // A game is opened in its page's own process, where there is one: that must not be closed.
        if (mine !== turn) return answer.game !== game.id && api.close(answer.game);
        Object.assign(game, { id: answer.game, points, recorded: false, finding: null });
        take(answer);
      } catch (error) {
        failed(error);
      }
    });
    game.busy = false;
    changed("busy");
  }

  // The answer of the server to one request, or null where it refused.
  function ask(name, values) {
    if (!game.id) return Promise.resolve(null);
    const mine = turn;
    return inOrder(async () => {
      try {
        const answer = await api.request(game.id, name, values);
        if (mine === turn) take(answer);
        return answer;
      } catch (error) {
        game.running = false;
        changed("frames");
        failed(error);
        return null;
      }
    });
  }

  // One look after the other while the game runs and the page is seen.
  async function keepLooking() {
    if (looking) return;
    looking = 1;
    while (game.running) {
      const began = performance.now();
      if (document.hidden) {
        await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
      }
      await ask("look");
      const took = performance.now() - began;
      await new Promise((done) => setTimeout(done, Math.max(EVERY_MS - took, took / 2, 4)));
    }
    looking = 0;
  }

  // A game that was played before: it is looked at, and begun anew to go on.
  function record(answer) {
    tell(answer);
    answer.frames.forEach(keep);
    Object.assign(game, { recorded: true, running: false, over: false });
    changed("frames");
  }

  function leave() {
    if (game.id) api.close(game.id);
    game.id = null;
  }

  return game;
}

const shortened = (
  words,
) => (words.length > MOST_WORDS ? [...words.slice(0, MOST_WORDS), `and ${words.length - MOST_WORDS} more`] : words);

// Without what says nothing: null means "as suggested".
function plain(settings) {
  const { changes, ...own } = settings;
  const said = Object.entries({ ...own, ...changes }).filter(([name, value]) => value !== null && name !== "seconds");
  return Object.fromEntries(said);
}

const known = (frame) => Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== null));
