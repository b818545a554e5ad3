// Loads a component's module and starts it: start(module). Part of each component's own script (demo/web_files.py),
// so it imports nothing, and reports a module that does not come.
((element, path, start) => {
  const address = new URL(path, document.baseURI).href;

  const failed = async () => {
    const status = await fetch(address).then((answer) => answer.status, () => 0);
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
    notice.append(" ", button);
    element.append(notice);
  };

  import(address).then(start, failed);
});
