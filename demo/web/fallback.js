// Shows the fallback parts (demo/tabs/fallback.py), `parts` of them, if the page's modules do not load. Gradio runs
// this as an event when the page has loaded; it imports nothing, since modules may be missing.
(async (parts) => {
  const PATIENCE_MS = 5000;
  await new Promise((done) => setTimeout(done, PATIENCE_MS));
  if (document.body.classList.contains("gs-fast")) return;
  // Style sheets read this class. A selector with :has() would make each change of a text, 60 times a second while a
  // slider is dragged, cost 3 ms.
  document.body.classList.add("gs-fallback");
  // The first picture is requested as soon as there is a button.
  const drawFirst = (tries) => {
    const button = document.querySelector(".gs-plain-draw");
    if (button) button.click();
    else if (tries) setTimeout(drawFirst, 100, tries - 1);
  };
  drawFirst(50);
  return Array(parts).fill({ __type__: "update", visible: true });
});
