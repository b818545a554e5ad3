// Points: what can be taken away: a link, pictures, points, the command line.
import { copyAddress, copyText, make, pageAddress, saveAs, savePng } from "../core/dom.js";
import * as api from "./api.js";

const FRAME_MS = 80;

/**
 * Returns {buttons, update()}.
 * @param {object} given
 * @param {() => any} given.shown the side whose settings are shown
 * @param {() => number} given.place the step that is seen
 * @param {() => any[]} given.settings those of both sessions
 * @param {() => Promise<void>} given.begun there is a session that can be asked
 * @param {(words: string) => void} given.say
 * @param {(error: Error) => void} given.failed
 */
export function exportsOf({ shown, place, settings, begun, say, failed }) {
  const button = (label, onclick) => make("button", { onclick }, label);
  const reals = button("Your points as CSV", saveReals);
  const buttons = [
    button("Copy link", copy),
    button("Picture", savePicture),
    button("GIF", () => saveGif()),
    button("Fakes as CSV", () => saveFakes()),
    reals,
    button("Command line", copyCommand),
  ];
  const session = () => shown().session;
  const step = () => Math.floor(place());
  const nameOf = (ending) =>
    `ganscope-${(session().settings.data ?? "ring").replace(".csv", "")}-step-${step()}${ending}`;

  function link() {
    const [own, pair] = settings();
    return `${pageAddress()}?points=${api.encode({ settings: own, step: step(), points: session().points, pair })}`;
  }

  async function copy() {
    const said = await copyAddress(link()), count = (session().points?.length ?? 0) / 2;
    const thinned = count > api.MOST_LINKED
      ? ` It carries ${api.MOST_LINKED} of your ${count.toLocaleString("en")} points.`
      : "";
    say(said + thinned + asNow());
  }

  // A link and a command hold settings, not the story of how they came about.
  const asNow =
    () => (session().marks.length ? " It begins with the settings of now: changes on the way are not in it." : "");

  function savePicture() {
    savePng(shown().stage, nameOf(".png"));
  }

  // What the server may refuse, and what is said meanwhile.
  async function tried(words, work) {
    say(words);
    try {
      await work();
      say("");
    } catch (error) {
      failed(error);
    }
  }

  const saveGif = () =>
    tried("Drawing the animation…", async () => {
      saveAs(await api.gif(await shown().film(), FRAME_MS), nameOf(".gif"));
    });
  const saveFakes = () =>
    tried("", async () => {
      await begun();
      if (session().id) saveAs(await api.samples(session().id), nameOf(".csv"));
    });

  function saveReals() {
    const { points } = session(),
      rows = Array.from({ length: points.length / 2 }, (_, i) => `${points[2 * i]},${points[2 * i + 1]}`);
    saveAs(new Blob([["x,y", ...rows, ""].join("\n")], { type: "text/csv" }), api.OWN);
  }

  async function copyCommand() {
    const { command } = session(), copied = await copyText(command);
    say(`${copied ? "Copied: " : ""}${command}.${needed()}${asNow()}`);
  }

  const needed = () => (session().points ? ` Save your points first, as ${api.OWN}.` : "");

  return {
    buttons,
    update() {
      reals.hidden = !session().points;
      for (const each of buttons) each.disabled = session().busy;
    },
  };
}
