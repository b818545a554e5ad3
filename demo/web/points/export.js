// Points: export as link, picture, points or command line.
import { PACKAGE_NEEDED } from "../core/constants.js";
import { copyAddress, copyText, make, pageAddress, saveAs, savePng } from "../core/dom.js";
import * as api from "./api.js";

const FRAME_MS = 80;

/**
 * Returns {buttons, update()}.
 * @param {object} options
 * @param {() => any} options.shown the side whose settings are shown
 * @param {() => number} options.place the step that is seen
 * @param {() => any[]} options.settings those of both sessions
 * @param {() => Promise<void>} options.begun starts a session if there is none
 * @param {(words: string) => void} options.notify
 * @param {(error: Error) => void} options.failed
 */
export function exportsOf({ shown, place, settings, begun, notify, failed }) {
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
    const [first, pair] = settings();
    return `${pageAddress()}?points=${api.encode({ settings: first, step: step(), points: session().points, pair })}`;
  }

  async function copy() {
    const copied = await copyAddress(link()), count = (session().points?.length ?? 0) / 2;
    const thinned = count > api.MAX_LINKED
      ? ` It carries ${api.MAX_LINKED} of your ${count.toLocaleString("en")} points.`
      : "";
    notify(copied + thinned + asNow());
  }

  // A link and a command hold the current settings, not earlier changes.
  const asNow =
    () => (session().marks.length ? " It begins with the settings of now: changes on the way are not in it." : "");

  function savePicture() {
    savePng(shown().stage, nameOf(".png"));
  }

  // Runs an export that may fail, with a progress message.
  async function tried(words, work) {
    notify(words);
    try {
      await work();
      notify("");
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
    saveAs(new Blob([["x,y", ...rows, ""].join("\n")], { type: "text/csv" }), api.CUSTOM_DATA);
  }

  async function copyCommand() {
    const { command } = session(), copied = await copyText(command);
    notify(`${copied ? "Copied: " : ""}${command}. ${PACKAGE_NEEDED}${needed()}${asNow()}`);
  }

  const needed = () => (session().points ? ` Save your points first, as ${api.CUSTOM_DATA}.` : "");

  return {
    buttons,
    update() {
      reals.hidden = !session().points;
      for (const each of buttons) each.disabled = session().busy;
    },
  };
}
