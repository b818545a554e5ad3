// Points: playing one game, or two alike: Play, Pause, single steps, a step to run to.

/**
 * all() gives the games' sides, shown() the one whose settings are shown; stopSlow() ends slow motion, follow()
 * lets the history follow the newest moment.
 */
export function playerOf({ all, shown, view, stopSlow, follow, say, failed }) {
  const game = () => shown().game;
  const games = () => all().map((side) => side.game);
  const pace = () => Number(view().pace.value) || null;

  // A game that was only looked at has to be begun before it can go on.
  async function begun() {
    const waiting = games().filter((game) => game.recorded || !game.id);
    await Promise.all(waiting.map((game) => game.open(game.settings, game.points)));
  }

  async function playOrPause() {
    stopSlow();
    say("");
    follow();
    if (games().some((game) => game.running)) return pauseAlike();
    if (finished()) await reset();
    await begun();
    for (const game of games()) game.play(pace());
  }

  // Both rest at the same step: the one that is behind catches up.
  async function pauseAlike() {
    await Promise.all(games().map((game) => game.pause()));
    const goal = Math.max(...games().map((game) => game.frames.at(-1)?.step ?? 0));
    for (const game of games()) if (game.frames.at(-1)?.step < goal) game.play(null, goal);
  }

  // Whether further steps would change nothing: learning rates have fallen to 0.
  const finished = () =>
    games().every(({ frames, settings, about, recorded }) =>
      !recorded && about?.chosen.lr_end === 0 && frames.at(-1)?.step >= settings.steps
    );

  async function each(name, values) {
    stopSlow();
    follow();
    await begun();
    await Promise.all(games().map((game) => game.ask(name, values)));
  }

  // The moments of one step, for slow motion; null where the server refused.
  async function slowStep() {
    follow();
    await begun();
    const answers = await Promise.all(games().map((game) => game.ask("slowly")));
    return answers[all().indexOf(shown())]?.frames ?? null;
  }

  async function reset() {
    stopSlow();
    say("");
    await Promise.all(games().map((game) => game.open(game.settings, game.points)));
  }

  async function runTo() {
    stopSlow();
    say("");
    const goal = Number(view().goal.value);
    if (!Number.isInteger(goal) || goal < 1) {
      return failed(new Error("Type a step to run to: a whole number from 1."));
    }
    // A game that goes on could pass the goal while it is asked.
    await Promise.all(games().filter((game) => game.running).map((game) => game.pause()));
    if (game().recorded || game().frames.at(-1)?.step >= goal) {
      await reset();
      say(`Begun anew from step 0, to stop at step ${goal.toLocaleString("en")}.`);
    } else await begun();
    follow();
    for (const game of games()) game.play(pace(), goal);
  }

  function changePace() {
    for (const game of games()) if (game.running) game.play(pace());
  }

  // Data to learn, from the first step on.
  async function learn(data, points = null) {
    stopSlow();
    say("");
    await Promise.all(games().map((game) => game.open({ ...game.settings, data }, points)));
    for (const game of games()) game.play(pace());
  }

  async function cure() {
    const { cure } = game().finding ?? {};
    if (!cure) return;
    stopSlow();
    await game().open(cure, game().points);
    game().play(pace());
  }

  return { begun, changePace, cure, each, finished, learn, playOrPause, reset, runTo, slowStep };
}
