// Points: playing one session, or two alike: Play, Pause, single steps, a step to run to.

/**
 * all() gives the sessions' sides, shown() the one whose settings are shown; stopSlow() ends slow motion, follow()
 * lets the history follow the newest moment.
 */
export function playerOf({ all, shown, view, stopSlow, follow, notify, failed }) {
  const session = () => shown().session;
  const sessions = () => all().map((side) => side.session);
  const pace = () => Number(view().pace.value) || null;

  // A recorded session must be opened before it can continue.
  async function begun() {
    const waiting = sessions().filter((session) => session.recorded || !session.id);
    await Promise.all(waiting.map((session) => session.open(session.settings, session.points)));
  }

  async function playOrPause() {
    stopSlow();
    notify("");
    follow();
    if (sessions().some((session) => session.running)) return pauseAlike();
    if (finished()) await reset();
    await begun();
    for (const session of sessions()) session.play(pace());
  }

  // Pause both at the same step: the one that is behind catches up.
  async function pauseAlike() {
    await Promise.all(sessions().map((session) => session.pause()));
    const goal = Math.max(...sessions().map((session) => session.frames.at(-1)?.step ?? 0));
    for (const session of sessions()) if (session.frames.at(-1)?.step < goal) session.play(null, goal);
  }

  // Whether further steps would change nothing: learning rates have fallen to 0.
  const finished = () =>
    sessions().every(({ frames, settings, about, recorded }) =>
      !recorded && about?.chosen.lr_end === 0 && frames.at(-1)?.step >= settings.steps
    );

  async function each(name, values) {
    stopSlow();
    follow();
    await begun();
    await Promise.all(sessions().map((session) => session.request(name, values)));
  }

  // The moments of one step, for slow motion; null after an error.
  async function slowStep() {
    follow();
    await begun();
    const answers = await Promise.all(sessions().map((session) => session.request("slowly")));
    return answers[all().indexOf(shown())]?.frames ?? null;
  }

  async function reset() {
    stopSlow();
    notify("");
    await Promise.all(sessions().map((session) => session.open(session.settings, session.points)));
  }

  async function runTo() {
    stopSlow();
    notify("");
    const goal = Number(view().goal.value);
    if (!Number.isInteger(goal) || goal < 1) {
      return failed(new Error("Type a step to run to: a whole number from 1."));
    }
    // A running session could pass the goal during the request.
    await Promise.all(sessions().filter((session) => session.running).map((session) => session.pause()));
    if (session().recorded || session().frames.at(-1)?.step >= goal) {
      await reset();
      notify(`Restarted from step 0, to stop at step ${goal.toLocaleString("en")}.`);
    } else await begun();
    follow();
    for (const session of sessions()) session.play(pace(), goal);
  }

  function changePace() {
    for (const session of sessions()) if (session.running) session.play(pace());
  }

  // Data to learn, from the first step on.
  async function learn(data, points = null) {
    stopSlow();
    notify("");
    await Promise.all(sessions().map((session) => session.open({ ...session.settings, data }, points)));
    for (const session of sessions()) session.play(pace());
  }

  async function cure() {
    const { cure } = session().finding ?? {};
    if (!cure) return;
    stopSlow();
    await session().open(cure, session().points);
    session().play(pace());
  }

  return { begun, changePace, cure, each, finished, learn, playOrPause, reset, runTo, slowStep };
}
