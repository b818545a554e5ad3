// Points: asking for a game on points, and reading what comes (demo/playgrounds.py).
(() => {
  const { ask, query, url } = window.ganscope;
  const KINDS = { float32: Float32Array, uint8: Uint8Array };
  const OWN = "own.csv"; // what the data are called where they are someone's own
  const MOST_LINKED = 500; // points of someone's own that fit into a link

  // uint32 length of a JSON header, the header, then the arrays that it names, in its order.
  function unpack(buffer) {
    const length = new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    let at = 4 + length;
    for (const part of [header, ...header.frames]) {
      for (const [name, [kind, shape]] of Object.entries(part.arrays)) {
        const Kind = KINDS[kind], bytes = shape.reduce((all, side) => all * side, 1) * Kind.BYTES_PER_ELEMENT;
        part[name] = new Kind(buffer.slice(at, at + bytes));
        at += bytes;
      }
    }
    return header;
  }

  async function post(path, body) {
    const response = await ask(`points/${path}`, { method: "POST", body });
    return { game: response.headers.get("X-Game"), response };
  }

  async function blob(path, values) {
    const { game, response } = await post(path, JSON.stringify(values));
    return { game, ...unpack(await response.arrayBuffer()) };
  }

  async function read(text) {
    const { response } = await post("read", text);
    const points = [...new Float32Array(await response.arrayBuffer())];
    return { points, given: Number(response.headers.get("X-Points")) };
  }

  // PNG pictures, each behind its length -> a GIF.
  async function gif(pictures, ms) {
    const parts = pictures.flatMap((picture) => [new Uint8Array(new Uint32Array([picture.size]).buffer), picture]);
    const { response } = await post(`gif?${query({ ms })}`, new Blob(parts));
    return response.blob();
  }

  const samples = async (game) => (await post(`${game}/samples`, "{}")).response.blob();
  const close = (game) => navigator.sendBeacon(url(`points/${game}/close`));
  const about = async () => (await ask("points/about")).json();
  const show = async () => unpack(await (await ask("points/show")).arrayBuffer());

  // A drawing in as many steps of its square as a byte can tell: what a link carries is what was drawn.
  const quantised = (points) => points.map((value) => Math.round((value + 1) * 127.5) / 127.5 - 1);

  function thinned(points, most = MOST_LINKED) {
    const count = points.length / 2;
    if (count <= most) return points;
    return Array.from({ length: most }, (_, i) => Math.floor((i * count) / most)).flatMap((i) => [points[2 * i], points[2 * i + 1]]);
  }

  const wide = (text) => text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const narrow = (text) => text.replaceAll("-", "+").replaceAll("_", "/");

  /* {settings, step, points, pair} -> text for an address, and back; null where the text is no such thing. */
  function encode({ settings, step, points, pair }) {
    const bytes = points && thinned(points).map((value) => Math.round((Math.max(-1, Math.min(1, value)) + 1) * 127.5));
    const told = { s: settings, n: step, ...(pair ? { b: pair } : {}), ...(bytes ? { p: wide(btoa(String.fromCharCode(...bytes))) } : {}) };
    return wide(btoa(unescape(encodeURIComponent(JSON.stringify(told)))));
  }

  function decode(text) {
    try {
      const { s: settings, n: step, p, b: pair } = JSON.parse(decodeURIComponent(escape(atob(narrow(text)))));
      if (typeof settings !== "object" || settings === null || Array.isArray(settings)) return null;
      const points = typeof p === "string" ? [...atob(narrow(p))].map((letter) => letter.charCodeAt(0) / 127.5 - 1) : null;
      return { settings, step, points, pair: typeof pair === "object" ? pair : null };
    } catch {
      return null;
    }
  }

  window.ganscope.pointsApi = {
    MOST_LINKED, OWN, about, close, decode, encode, gif, quantised, read, samples, show, thinned,
    open: (settings, points, instead) => blob("open", { settings, points, instead }),
    request: (game, name, values = {}) => blob(`${game}/${name}`, values),
  };
})();
