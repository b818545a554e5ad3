// What the page is in one glance, in the header: some numbers of z, and the picture that the generator makes of them.
// Loaded after the first picture.

const BARS = 14, SIDE = 26, STEP = 4, ARROW = 18; // CSS pixels but for the count
const WIDTH = BARS * STEP + ARROW + SIDE, LARGEST = 2.5; // of |z| that a bar shows
const NEUTRAL = "#868d98"; // it can be seen on light and dark

/** @type {{z: Float32Array, picture: HTMLCanvasElement} | null} */
let next = null;

/** Show these numbers and their picture, once a screen frame at most.
 * @param {Float32Array} z @param {HTMLCanvasElement} picture */
export function showGlance(z, picture) {
  if (!next) requestAnimationFrame(draw);
  next = { z, picture };
}

function draw() {
  const canvas = /** @type {HTMLCanvasElement | null} */ (document.querySelector(".gs-glance"));
  const { z, picture } = next, dots = window.devicePixelRatio || 1;
  next = null;
  if (!canvas) return;
  if (canvas.width !== Math.round(WIDTH * dots)) {
    canvas.width = Math.round(WIDTH * dots);
    canvas.height = Math.round(SIDE * dots);
    canvas.style.width = `${WIDTH}px`;
    canvas.style.height = `${SIDE}px`;
  }
  const pen = canvas.getContext("2d"), middle = SIDE / 2;
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  pen.clearRect(0, 0, WIDTH, SIDE);
  pen.fillStyle = pen.strokeStyle = NEUTRAL;
  for (let i = 0; i < Math.min(BARS, z.length); i++) {
    const height = (Math.max(-LARGEST, Math.min(LARGEST, z[i])) / LARGEST) * (middle - 1);
    pen.fillRect(i * STEP, middle - Math.max(0, height) - 0.5, STEP - 1, Math.abs(height) + 1);
  }
  const start = BARS * STEP + 3, end = start + ARROW - 7;
  pen.lineWidth = 1.5;
  pen.stroke(
    new Path2D(`M${start} ${middle}H${end}M${end - 4} ${middle - 4}L${end} ${middle}L${end - 4} ${middle + 4}`),
  );
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, WIDTH - SIDE, 0, SIDE, SIDE);
}
