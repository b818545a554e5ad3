// The runs that this browser has seen, newest first: what the table of runs is about.
(() => {
  const KEY = "ganscope-runs", MOST = 40;
  const listeners = [];

  function all() {
    try {
      const names = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
    } catch {
      return []; // nothing may be kept here, or something else is
    }
  }

  function keep(names) {
    try {
      localStorage.setItem(KEY, JSON.stringify(names.slice(0, MOST)));
    } catch { /* private windows may refuse: then the table lasts as long as the page */ }
    listeners.forEach((listener) => listener());
  }

  const add = (name) => { if (!all().includes(name)) keep([name, ...all()]); };
  const onChange = (listener) => listeners.push(listener);
  window.ganscope.myRuns = { all, add, keep, onChange };
})();
