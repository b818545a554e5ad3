// Jobs on the server (demo/routes/jobs.py): started by a request, followed until its end.
import { fetchRoute } from "./api.js";
import { withPageToken } from "./page.js";

/**
 * Start a job and follow it. `result` promises its last `latest`, or null if it was stopped; it rejects with a
 * sentence for the user.
 * @param {string} path answers {job: ID}
 * @param {RequestInit} options
 * @param {(news: import("./types.d.ts").JobNews) => void} [onChange] called at every change
 */
export function job(path, options, onChange = () => {}) {
  let id = null, stopped = false;
  const end = () => id && fetchRoute(`jobs/${id}`, { method: "DELETE" }).catch(() => {});

  async function follow() {
    id = (await (await fetchRoute(path, options)).json()).job;
    if (stopped) end();
    for (let seen = 0;;) {
      const news = await (await fetchRoute(`jobs/${id}?seen=${seen}`)).json();
      if (stopped) return null;
      if (news.version !== seen) onChange(news);
      seen = news.version;
      if (news.state === "failed") throw new Error(news.message);
      if (news.state === "stopped") return null;
      if (news.state === "done") return news.latest;
    }
  }

  return {
    result: follow(),
    stop() {
      stopped = true;
      end();
    },
    /** Follow it no longer; it may go on for others. */
    leave() {
      stopped = true;
    },
    /** The path of a result file, for `fetchRoute`. */
    file: (/** @type {string} */ name) => `jobs/${id}/files/${encodeURIComponent(name)}`,
  };
}

/** A job on this page's uploads or on data that it may read: the request carries the page's token.
 * @param {string} path @param {object} request sent as JSON
 * @param {(news: import("./types.d.ts").JobNews) => void} [onChange] */
export async function jobOfThisPage(path, request, onChange) {
  return job(path, await withPageToken({ method: "POST", body: JSON.stringify(request) }), onChange);
}
