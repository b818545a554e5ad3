// Files from someone's machine: gathered from a drop or a choice, folders and all, and sent in packs.
(() => {
  const { ask, url } = window.ganscope;
  // As demo/own.py and gan/own_pictures.py have them: said here before anything is sent.
  const MOST_FILES = 100_000, MOST_BYTES = 500_000_000;
  const PACK_BYTES = 8_000_000, PACK_FILES = 500;
  const TOKEN = "X-GANscope-Page";
  const encoder = new TextEncoder();
  const TOO_MANY = `These are more than ${MOST_FILES.toLocaleString("en")} files, the most that are looked at: choose fewer.`;
  const TOO_LARGE = `This is larger than ${MOST_BYTES / 1e6} MB, the most that may be handed in: choose fewer pictures, or smaller ones.`;

  // What a page shows to hand something in (demo/page.py); it comes soon after the page.
  let tell;
  const token = new Promise((resolve) => { tell = resolve; });
  window.ganscope.badge = (element, props, trigger, watch) => {
    element.hidden = true;
    const look = () => { if (props.value) tell(props.value); };
    watch("value", look);
    look();
  };

  async function shown(options = {}) {
    return { ...options, headers: { ...options.headers, [TOKEN]: await token } };
  }

  // A drop's items must be taken at once; their folders are walked later.
  function dropped(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = [...transfer.files].map((file) => ({ file, name: file.name }));
    return entries.length ? walked(entries) : Promise.resolve(files);
  }

  async function walked(entries) {
    const found = [], waiting = [...entries];
    while (waiting.length) {
      const entry = waiting.shift();
      if (entry.isDirectory) waiting.unshift(...(await listed(entry)));
      else found.push({ file: await opened(entry), name: entry.fullPath.replace(/^\//, "") });
      if (found.length > MOST_FILES) throw new Error(TOO_MANY);
    }
    return found.filter(({ file }) => file);
  }

  async function listed(folder) {
    const reader = folder.createReader(), all = [];
    // It gives a hundred at a time, and none at the end.
    for (;;) {
      const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
      if (!some.length) return all.sort((a, b) => (a.name < b.name ? -1 : 1));
      all.push(...some);
    }
  }

  const opened = (entry) => new Promise((resolve) => entry.file(resolve, () => resolve(null)));

  // Of an <input type="file">; a chosen folder's files know the path to them.
  const chosen = (input) => [...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));

  function packs(files) {
    const made = [];
    let parts = [], bytes = 0, count = 0;
    for (const { file, name } of files) {
      const label = encoder.encode(name).slice(0, 1000), header = new DataView(new ArrayBuffer(10));
      header.setUint16(0, label.length, true);
      header.setBigUint64(2, BigInt(file.size), true);
      if (parts.length && (bytes + file.size > PACK_BYTES || count >= PACK_FILES)) {
        made.push(new Blob(parts));
        [parts, bytes, count] = [[], 0, 0];
      }
      parts.push(header.buffer, label, file);
      bytes += file.size;
      count++;
    }
    if (parts.length) made.push(new Blob(parts));
    return made;
  }

  // fetch cannot tell how far an upload is.
  function send(path, body, headers, onProgress, request) {
    return new Promise((resolve, reject) => {
      request.open("POST", url(path));
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => onProgress(event.loaded);
      request.onerror = () => reject(new Error("The upload broke off. Check the connection, then drop the files again."));
      request.onabort = () => reject(new DOMException("stopped", "AbortError"));
      request.onload = () => {
        if (request.status === 200) return resolve();
        let told;
        try { told = JSON.parse(request.responseText).error; } catch { /* not ours */ }
        reject(new Error(told || "The server could not take these files. Try again."));
      };
      request.send(body);
    });
  }

  /* upload(files, onProgress) -> {id, stop}: `id` promises the name of the set that holds them all.
     onProgress(sent, total) in bytes. */
  function upload(files, onProgress) {
    let stopped = false, request = null;
    async function run() {
      const total = files.reduce((sum, { file }) => sum + file.size, 0);
      if (!files.length) throw new Error("There is no file among what was dropped.");
      if (files.length > MOST_FILES) throw new Error(TOO_MANY);
      if (total > MOST_BYTES) throw new Error(TOO_LARGE);
      const { headers } = await shown();
      const { id } = await (await ask("own", { method: "POST", headers })).json();
      let sent = 0;
      try {
        for (const pack of packs(files)) {
          if (stopped) throw new DOMException("stopped", "AbortError");
          request = new XMLHttpRequest();
          await send(`own/${id}/files`, pack, headers, (loaded) => onProgress(Math.min(sent + loaded, total), total), request);
          sent += pack.size;
        }
      } catch (error) {
        remove(id);
        throw error;
      }
      return id;
    }
    return {
      id: run(),
      stop() {
        stopped = true;
        request?.abort();
      },
    };
  }

  async function remove(id) {
    await ask(`own/${id}`, await shown({ method: "DELETE" })).catch(() => {});
  }

  // A job on what was handed in, or on named data: as ganscope.job, once the page's token is there.
  async function work(path, how, onChange) {
    const options = await shown({ method: "POST", body: JSON.stringify(how) });
    return window.ganscope.job(path, options, onChange);
  }

  window.ganscope.own = { dropped, chosen, upload, remove, work };
})();
