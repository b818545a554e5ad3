// Asks for the map of a model's latent space, which may have to be drawn first.
import { fetchRoute, query } from "../core/api.js";
import { make } from "../core/dom.js";
import { job } from "../core/jobs.js";

/** The map and its sheet of thumbnails; `tell` gets what is being done. `leave()`: nobody waits for it any more.
 * @param {string} model @param {(words: Node[]) => void} tell
 * @returns {{leave: () => void, result: Promise<{map: import("./map_tiles.js").LatentMap, sheet: ImageBitmap}>}} */
export function requestMap(model, tell) {
  const making = job(`inside/map?${query({ model })}`, { method: "POST" }, ({ latest, place }) => {
    if (latest?.doing) tell([make("span", latest.doing), make("span", ` · ${Math.round(100 * latest.part)} %`)]);
    else if (place) tell([make("span", "Waiting for others …")]);
  });
  async function finished() {
    const result = await making.result;
    if (!result) throw new Error("The map was not finished: open it again.");
    return {
      map: result.map,
      sheet: await createImageBitmap(await (await fetchRoute(making.file("map.webp"))).blob()),
    };
  }
  return { leave: making.leave, result: finished() };
}
