// Breed's parts: the grid of children, pictures that can be dragged, and pictures as a file.
(() => {
  const { breed, make, paint, saveAs } = window.ganscope;
  const COUNT = 16, COLUMNS = 4, GAP = 6, BORDER = 2;
  const MOST_SIDE = 128; // of a child's picture, in CSS pixels
  const SAVED = 512; // pixels that a saved file is about as wide as

  /* Dragging: a picture says whose it is when it is taken up, and a place is told when one is dropped. */
  let carried = null;
  function draggable(element, personOf) {
    element.draggable = true;
    element.ondragstart = (event) => {
      carried = personOf;
      event.dataTransfer.setData("text/plain", "");
      event.dataTransfer.effectAllowed = "copy";
    };
    element.ondragend = () => { carried = null; };
  }
  function droppable(element, take) {
    const over = (on) => element.classList.toggle("gs-over", on);
    element.ondragover = (event) => {
      if (!carried) return;
      event.preventDefault();
      over(true);
    };
    element.ondragleave = () => over(false);
    element.ondrop = (event) => {
      event.preventDefault();
      over(false);
      const person = carried?.();
      if (person) take(person);
    };
  }

  // A canvas of whole-factor squares, at most `most` CSS pixels wide.
  function size(canvas, side, most) {
    const dots = window.devicePixelRatio || 1;
    canvas.style.width = canvas.style.height = `${(Math.max(1, Math.floor((most * dots) / side)) / dots) * side}px`;
  }

  function portrait(person, side) {
    const canvas = make("canvas", { width: 1, height: 1 });
    canvas.style.width = canvas.style.height = `${side}px`;
    if (person?.image) paint(canvas, person.image);
    return canvas;
  }

  /* The grid: `choose(i)`, `keep(i)` and `personOf(i)` are told an index. One child is in the tab order,
     the arrow keys lead to the others. */
  function grid({ choose, keep, personOf }) {
    const element = make("div", { className: "gs-brood", role: "group", "aria-label": "Children: arrow keys move, Enter chooses, K keeps" });
    let at = 0, side = 64;
    const cells = Array.from({ length: COUNT }, (_, i) => {
      const canvas = make("canvas", { width: 1, height: 1 });
      const button = make("button", {
        type: "button", tabIndex: i ? -1 : 0, disabled: true, onclick: () => choose(i), onfocus: () => move(i, false),
      }, canvas);
      draggable(button, () => personOf(i));
      return { button, canvas };
    });
    element.append(...cells.map((cell) => cell.button));

    function move(to, focus = true) {
      cells[at].button.tabIndex = -1;
      at = to;
      cells[at].button.tabIndex = 0;
      if (focus) cells[at].button.focus();
    }
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    element.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.toLowerCase() === "k") keep(at);
      else if (event.key === "Home") move(0);
      else if (event.key === "End") move(COUNT - 1);
      else if (event.key in steps) {
        const [down, right] = steps[event.key], row = Math.floor(at / COLUMNS) + down, column = (at % COLUMNS) + right;
        if (row >= 0 && row < COUNT / COLUMNS && column >= 0 && column < COLUMNS) move(row * COLUMNS + column);
      } else return;
      event.preventDefault();
    };

    function fit() {
      const room = (element.clientWidth - GAP * (COLUMNS - 1)) / COLUMNS - BORDER;
      if (room > 0) cells.forEach((cell) => size(cell.canvas, side, Math.min(MOST_SIDE, room)));
    }
    new ResizeObserver(fit).observe(element);

    function show(images, words) {
      side = images[0].width;
      images.forEach((image, i) => {
        paint(cells[i].canvas, image);
        Object.assign(cells[i].button, { disabled: false, title: words });
        cells[i].button.setAttribute("aria-label", `Child ${i + 1}`);
      });
      fit();
    }
    return { element, show, busy: (on) => element.classList.toggle("gs-busy", on) };
  }

  // Pictures as one PNG file, as square as can be, each source pixel a whole square.
  function saveSheet(images, name) {
    const side = images[0].width, columns = Math.ceil(Math.sqrt(images.length)), rows = Math.ceil(images.length / columns);
    const sheet = make("canvas", { width: columns * side, height: rows * side });
    images.forEach((image, i) => sheet.getContext("2d").putImageData(image, (i % columns) * side, Math.floor(i / columns) * side));
    const scale = Math.max(1, Math.floor(SAVED / sheet.width));
    const large = make("canvas", { width: sheet.width * scale, height: sheet.height * scale });
    const context = large.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(sheet, 0, 0, large.width, large.height);
    large.toBlob((blob) => saveAs(blob, `${name.replace(/[^\w-]+/g, "-").slice(0, 80)}.png`));
  }

  Object.assign(breed, { COUNT, draggable, droppable, portrait, size, grid, saveSheet });
})();
