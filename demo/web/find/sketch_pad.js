// Find: the sheet that someone draws on, and how a drawing becomes a picture for the search.
// Grey generators know MNIST: white on black, scaled and centred as MNIST's digits are.
(() => {
  const { make } = window.ganscope;
  // In parts of the picture's side; of MNIST's digits in 32×32 (LeCun et al. 1998: fitted into 20×20,
  // their centre of mass in the middle) the stroke is about 3 pixels wide.
  const DIGIT = { box: 20 / 32, width: 3 / 32 };
  const LEAST_EXTENT = 0.12; // of the sheet: a dot is not blown up to a disc
  const FINE = 8; // parts of a pixel, in each direction, that are drawn before they are averaged
  const SOFT = 10; // such parts that one pixel is the mean of: a little more than its own, for soft edges
  const WIDTHS = { thin: 0.03, middle: 0.09, thick: 0.22 };
  const COLOURS = { black: "#1b1b1f", brown: "#6b4423", skin: "#f1c7a3", "dark skin": "#8d5a3b", yellow: "#f2c230", red: "#c8352b", blue: "#3a6ea8", green: "#3f8f5a", white: "#ffffff" };

  // A stroke {points, width, colour} as a curve through the middles between its points.
  function trace(brush, { points, width, colour }, scale) {
    brush.strokeStyle = brush.fillStyle = colour;
    brush.lineWidth = width * scale;
    brush.lineCap = brush.lineJoin = "round";
    brush.beginPath();
    const at = points.map(([x, y]) => [x * scale, y * scale]);
    if (at.length === 1) {
      brush.arc(...at[0], brush.lineWidth / 2, 0, 7);
      return brush.fill();
    }
    brush.moveTo(...at[0]);
    for (let i = 1; i < at.length - 1; i++) brush.quadraticCurveTo(...at[i], (at[i][0] + at[i + 1][0]) / 2, (at[i][1] + at[i + 1][1]) / 2);
    brush.lineTo(...at[at.length - 1]);
    brush.stroke();
  }

  function drawn(strokes, side, ground) {
    const canvas = make("canvas", { width: side, height: side }), brush = canvas.getContext("2d", { willReadFrequently: true });
    brush.fillStyle = ground;
    brush.fillRect(0, 0, side, side);
    for (const stroke of strokes) trace(brush, stroke, side);
    return canvas;
  }

  // Each pixel the mean of a square of the finer drawing: what `drawImage` does differs by browser.
  function averaged(fine, size, soft) {
    const side = fine.width, { data } = fine.getContext("2d").getImageData(0, 0, side, side);
    const image = new ImageData(size, size), over = (soft - FINE) / 2;
    for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
      const top = Math.max(0, y * FINE - over), left = Math.max(0, x * FINE - over);
      const bottom = Math.min(side, top + soft), right = Math.min(side, left + soft), sum = [0, 0, 0];
      for (let v = top; v < bottom; v++) for (let u = left; u < right; u++) for (let c = 0; c < 3; c++) sum[c] += data[4 * (v * side + u) + c];
      const to = 4 * (y * size + x), area = (bottom - top) * (right - left);
      sum.forEach((value, c) => { image.data[to + c] = Math.round(value / area); });
      image.data[to + 3] = 255;
    }
    return image;
  }

  // Strokes scaled so that they fill MNIST's box, about the middle of what they span.
  function fitted(strokes) {
    const all = strokes.flatMap(({ points }) => points), xs = all.map(([x]) => x), ys = all.map(([, y]) => y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const scale = (DIGIT.box - DIGIT.width) / Math.max(right - left, bottom - top, LEAST_EXTENT);
    const middle = [(left + right) / 2, (top + bottom) / 2];
    return strokes.map(({ points }) => ({
      colour: "#ffffff", width: DIGIT.width, points: points.map((spot) => spot.map((value, i) => 0.5 + (value - middle[i]) * scale)),
    }));
  }

  const moved = (strokes, by) => strokes.map((stroke) => ({ ...stroke, points: stroke.points.map((spot) => spot.map((value, i) => value + by[i])) }));

  function centreOf({ data, width }) {
    let mass = 0, x = 0, y = 0;
    for (let i = 0; i < data.length; i += 4) {
      mass += data[i];
      x += data[i] * ((i / 4) % width + 0.5);
      y += data[i] * (Math.floor(i / 4 / width) + 0.5);
    }
    return [x / mass / width, y / mass / width];
  }

  // Strokes as ImageData (size, size).
  function pictureOf(strokes, size, grey) {
    if (!grey) return averaged(drawn(strokes, size * FINE, "#ffffff"), size, FINE);
    const placed = fitted(strokes), centre = centreOf(averaged(drawn(placed, size * FINE, "#000000"), size, FINE));
    return averaged(drawn(moved(placed, centre.map((value) => 0.5 - value)), size * FINE, "#000000"), size, SOFT);
  }

  /* changed() hears of every stroke. Returns {element, tools, open(grey), fit(pixels), load(strokes), picture(size),
     empty()}; load takes strokes as arrays of [x, y] from 0 to 1. */
  window.ganscope.findPad = (changed) => {
    let strokes = [], stroke = null, grey = true, colour = COLOURS.skin, width = WIDTHS.thick;
    const sheet = make("canvas", { className: "gs-find-sheet", tabIndex: 0, role: "img" });
    const button = (text, onclick) => make("button", { type: "button", onclick }, text);
    const undoButton = button("Undo", undo), clearButton = button("Clear", clear);
    const inks = Object.entries(COLOURS).map(([name, value]) => choice(name, () => { colour = value; }, { style: `--ink: ${value}` }));
    const pens = Object.entries(WIDTHS).map(([name, value]) => choice(name, () => { width = value; }, { style: `--pen: ${Math.round(4 + 70 * value)}px` }));
    const colours = make("div", { className: "gs-row gs-find-inks", hidden: true, role: "group", "aria-label": "Colour and width of the brush" }, ...inks, ...pens);
    const tools = make("div", { className: "gs-find-tools" }, make("div", { className: "gs-row" }, undoButton, clearButton), colours);

    // One of a few: the chosen one is pressed.
    function choice(name, choose, values) {
      const made = make("button", { type: "button", title: name, "aria-label": `Brush: ${name}`, className: "gs-find-choice", onclick: () => { choose(); showBrush(); }, ...values });
      return made;
    }

    function showBrush() {
      Object.values(COLOURS).forEach((value, i) => inks[i].setAttribute("aria-pressed", value === colour));
      Object.values(WIDTHS).forEach((value, i) => pens[i].setAttribute("aria-pressed", value === width));
    }

    function spotOf(event) {
      const box = sheet.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    }
    sheet.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      sheet.setPointerCapture(event.pointerId);
      stroke = { points: [spotOf(event)], colour: grey ? "#ffffff" : colour, width: grey ? DIGIT.width : width };
      strokes.push(stroke);
      redraw();
    });
    sheet.addEventListener("pointermove", (event) => {
      if (!stroke) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event]) stroke.points.push(spotOf(each));
      redraw();
    });
    for (const end of ["pointerup", "pointercancel"]) sheet.addEventListener(end, () => {
      if (stroke) changed();
      stroke = null;
    });
    sheet.addEventListener("keydown", (event) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      undo();
    });

    function undo() {
      strokes.pop();
      redraw();
      changed();
    }

    function clear() {
      strokes = [];
      redraw();
      changed();
    }

    function redraw() {
      const { width: side } = sheet, brush = sheet.getContext("2d");
      if (side) brush.drawImage(drawn(strokes, side, grey ? "#000000" : "#ffffff"), 0, 0);
      undoButton.disabled = clearButton.disabled = !strokes.length;
    }

    function open(isGrey) {
      if (isGrey !== grey) strokes = []; // of another kind of sheet
      grey = isGrey;
      colours.hidden = grey;
      sheet.setAttribute("aria-label", `Draw here with mouse, finger or pen${grey ? ": a digit, white on black" : ""}`);
      showBrush();
      redraw();
    }

    function fit(pixels) {
      sheet.style.width = sheet.style.height = `${pixels}px`;
      sheet.width = sheet.height = Math.round(pixels * (window.devicePixelRatio || 1));
      redraw();
    }

    function load(lines) {
      strokes = lines.map((points) => ({ points, colour: "#ffffff", width: DIGIT.width }));
      redraw();
      changed();
    }

    return { element: sheet, tools, open, fit, load, picture: (size) => pictureOf(strokes, size, grey), empty: () => !strokes.length };
  };

  // Digits as someone may draw them, in hundredths of the sheet: x, y, x, y, …
  const DIGITS = [
    [[50, 18, 34, 26, 27, 45, 29, 66, 40, 81, 54, 82, 68, 70, 73, 50, 69, 30, 58, 19, 48, 19]],
    [[56, 18, 51, 50, 46, 82]],
    [[30, 32, 38, 20, 54, 17, 67, 26, 66, 41, 52, 58, 36, 72, 28, 81, 45, 78, 60, 79, 74, 81]],
    [[31, 24, 46, 17, 62, 21, 64, 34, 53, 45, 42, 47, 57, 49, 69, 60, 66, 74, 50, 83, 32, 78]],
    [[38, 18, 34, 35, 30, 52, 48, 52, 70, 50], [62, 22, 59, 50, 56, 84]],
    [[66, 19, 52, 20, 40, 20, 37, 45, 52, 42, 66, 52, 66, 70, 52, 82, 32, 78]],
    [[62, 18, 46, 28, 34, 50, 33, 70, 44, 82, 60, 79, 66, 66, 58, 55, 44, 57, 34, 68]],
    [[28, 22, 48, 21, 70, 21, 60, 42, 52, 62, 46, 84]],
    [[62, 26, 50, 18, 38, 25, 40, 37, 54, 48, 66, 60, 64, 76, 50, 83, 36, 75, 38, 61, 52, 48, 63, 37, 62, 27]],
    [[64, 30, 52, 19, 38, 25, 35, 40, 46, 49, 60, 42, 65, 29, 64, 52, 60, 84]],
  ];
  window.ganscope.findDigits = DIGITS.map((lines) =>
    lines.map((line) => Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i] / 100, line[2 * i + 1] / 100])));
  window.ganscope.findDrawn = (lines, size) => pictureOf(lines.map((points) => ({ points })), size, true);
})();
