// Find: pixels as the search gives them, how far two pictures are apart, and what that is called.
(() => {
  const { make, paint } = window.ganscope;
  const STRONGER = 3; // of the difference that is shown
  // What an mse is called: a rule of thumb, found by looking (the page says so).
  const WORDS = [
    [0.0002, "the same picture, to the eye"], [0.005, "nearly the same"], [0.015, "alike"], [0.04, "related, not alike"],
    [Infinity, "the nearest that it can draw, and not near"],
  ];

  const mseText = (value) => (value >= 0.001 ? String(Number(value.toPrecision(2))) : value >= 0.0001 ? value.toFixed(5) : value.toExponential(1));
  const wordsFor = (mse) => WORDS.find(([most]) => mse <= most)[1];
  const percent = (share) => `${Math.round(100 * share)} %`;

  // Raw pixels in base64 -> ImageData.
  function imageOf(text, { size, channels }) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)), image = new ImageData(size, size);
    for (let pixel = 0; pixel < size * size; pixel++) for (let c = 0; c < 4; c++)
      image.data[4 * pixel + c] = c === 3 ? 255 : bytes[pixel * channels + (channels === 3 ? c : 0)];
    return image;
  }

  function differenceOf(one, other) {
    const image = new ImageData(one.width, one.height);
    one.data.forEach((value, i) => { image.data[i] = i % 4 === 3 ? 255 : Math.min(255, STRONGER * Math.abs(value - other.data[i])); });
    return image;
  }

  // The mse that a flat square of the picture's own mean colour would have.
  function flatMse({ data }) {
    const means = [0, 1, 2].map((c) => mean(data, (i) => i % 4 === c, (value) => value));
    return mean(data, (i) => i % 4 !== 3, (value, i) => ((value - means[i % 4]) / 255) ** 2);
  }

  function mean(data, counts, of) {
    let sum = 0, count = 0;
    data.forEach((value, i) => { if (counts(i)) { sum += of(value, i); count++; } });
    return sum / count;
  }

  function edgeLight({ data, width }) {
    const last = width - 1;
    const onEdge = (i) => i % 4 === 0 && [0, last].some((edge) => (i / 4) % width === edge || Math.floor(i / 4 / width) === edge);
    return mean(data, onEdge, (value) => value) / 255;
  }

  async function pngOf(image) {
    const canvas = make("canvas");
    paint(canvas, image);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }

  window.ganscope.findPixels = { differenceOf, edgeLight, flatMse, imageOf, mseText, percent, pngOf, wordsFor };
})();
