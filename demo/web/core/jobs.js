// Slow work beside the page (demo/jobs.py): started by a request, followed until its end.
(() => {
  const { ask } = window.ganscope;

  /* job(path, options, onChange) -> {result, stop}
     `path` is asked with fetch's `options` and answers {job: ID}. onChange({state, place, latest, …})
     hears of every change. `result` promises the last dict, or null if it was stopped; it rejects with
     a sentence for the user. */
  function job(path, options, onChange = () => {}) {
    let id = null, stopped = false;
    const end = () => id && ask(`jobs/${id}`, { method: "DELETE" }).catch(() => {});

    async function follow() {
      id = (await (await ask(path, options)).json()).job;
      if (stopped) end();
      for (let seen = 0; ;) {
        const told = await (await ask(`jobs/${id}?seen=${seen}`)).json();
        if (stopped) return null;
        if (told.version !== seen) onChange(told);
        seen = told.version;
        if (told.state === "failed") throw new Error(told.message);
        if (told.state === "stopped") return null;
        if (told.state === "done") return told.latest;
      }
    }

    return {
      result: follow(),
      stop() {
        stopped = true;
        end();
      },
      // Where a file of the result lies, as a path for `ask`.
      file: (name) => `jobs/${id}/files/${encodeURIComponent(name)}`,
    };
  }

  Object.assign(window.ganscope, { job });
})();
