// Shows the plain parts (demo/plain.py), `parts` of them, if the page's own views do not come. Gradio runs this as
// an event when the page has loaded; it is not one of our other scripts, for those may be missing.
(async (parts) => {
  const PATIENCE_MS = 5000;
  await new Promise((done) => setTimeout(done, PATIENCE_MS));
  if (document.body.classList.contains("gs-fast")) return;
  // Nobody should face an empty frame: the first picture is asked for as soon as there is a button.
  const drawFirst = (tries) => {
    const button = document.querySelector(".gs-plain-draw");
    if (button) button.click();
    else if (tries) setTimeout(drawFirst, 100, tries - 1);
  };
  drawFirst(50);
  return Array(parts).fill({ __type__: "update", visible: true });
});
