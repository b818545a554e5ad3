// Loads a component's module, the first of `names` below `base`, and starts it: start(module). Part of each component's
// own script (demo/routes/web_files.py), so it imports nothing, and reports a module that fails to load.
((element, base, names, start) => {
  // In another page <gradio-app src> says where the server is (docs/hosting.md, "In another page").
  const server = element.closest("gradio-app[src]")?.getAttribute("src").replace(/\/*$/, "/") ?? "";
  const address = (name) => new URL(base + name, new URL(server, document.baseURI)).href;

  const failed = async (error) => {
    const status = await fetch(address(names[0])).then((answer) => answer.status, () => 0);
    const notice = document.createElement("div"), button = document.createElement("button");
    // Where nothing gets through, demo/web/fallback.js has other words for it.
    notice.className = status === 410 ? "gs gs-unloaded gs-outdated" : "gs gs-unloaded";
    notice.role = "alert";
    notice.textContent = status === 410
      ? "This page is older than the server: reload it."
      : "This part of the page did not load. Check the connection, then reload the page.";
    button.type = "button";
    button.textContent = "Reload";
    button.onclick = () => location.reload();
    notice.append(button);
    element.append(notice);
    throw error; // for the console
  };

  for (const name of names.slice(1)) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "modulepreload", href: address(name) });
    document.head.append(link);
  }
  import(address(names[0])).then(start, failed);
});
