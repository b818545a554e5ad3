// Shared by all tabs: asking the routes for pixels, drawing them, and small DOM helpers.
// Everything hangs on one global, because Gradio runs each component's script on its own.
window.ganscope = (() => {
  // Gradio knows the path that it is served under; behind a proxy it may not know the scheme.
  function url(path) {
    const root = new URL((window.gradio_config && window.gradio_config.root) || location.origin);
    const origin = root.hostname === location.hostname ? location.origin : root.origin;
    return `${origin}${root.pathname.replace(/\/$/, "")}/gradio_api/ganscope/${path}`;
  }

  // A refused request carries one sentence for the user; a lost one gets ours.
  async function ask(path, options) {
    let response;
    try {
      response = await fetch(url(path), options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error("The server did not answer. Check the connection, then try again.");
    }
    if (response.ok) {
      document.body?.classList.add("gs-fast"); // see demo/plain.py
      return response;
    }
    const answer = await response.json().catch(() => ({}));
    throw new Error(answer.error || "The server could not do this. Try again.");
  }

  const query = (values) => new URLSearchParams(values).toString();
  const model = async (name) => (await ask(`model?${query({ name })}`)).json();

  async function latents(model, seeds) {
    const response = await ask(`latents?${query({ model, seeds: seeds.join(",") })}`);
    const numbers = new Float32Array(await response.arrayBuffer());
    const length = numbers.length / seeds.length;
    return seeds.map((_, i) => numbers.slice(i * length, (i + 1) * length));
  }

  function joined(rows) {
    const length = rows[0].length;
    const body = new Float32Array(rows.length * length);
    rows.forEach((row, i) => body.set(row, i * length));
    return body;
  }

  // Latents (an array of Float32Array) -> ImageData, one each.
  const pictures = async (model, rows) =>
    unpack(await ask(`pictures?${query({ model })}`, { method: "POST", body: joined(rows) }));

  const walk = (model, keys, settings) =>
    ask(`walk?${query({ model, ...settings })}`, { method: "POST", body: joined(keys) });

  async function unpack(response) {
    const [count, height, width, channels] = response.headers.get("X-Shape").split(",").map(Number);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const area = height * width;
    return Array.from({ length: count }, (_, index) => {
      const image = new ImageData(width, height);
      const start = index * area * channels;
      for (let pixel = 0; pixel < area; pixel++) {
        const from = start + pixel * channels;
        const to = pixel * 4;
        image.data[to] = bytes[from];
        image.data[to + 1] = bytes[channels === 3 ? from + 1 : from];
        image.data[to + 2] = bytes[channels === 3 ? from + 2 : from];
        image.data[to + 3] = 255;
      }
      return image;
    });
  }

  // Only the newest wish counts: at most `flights` requests are under way, answers that a newer one
  // has overtaken are dropped, and the last wish is never lost, unless it is forgotten.
  function newest(work, show, fail, flights = 3) {
    let asked = 0, shown = 0, flying = 0, waiting = null;
    const fly = async (wish, number) => {
      flying++;
      try {
        const result = await work(wish);
        if (number > shown) {
          shown = number;
          show(result, wish);
        }
      } catch (error) {
        if (number === asked) fail(error);
      }
      flying--;
      if (waiting) {
        const next = waiting;
        waiting = null;
        fly(...next);
      }
    };
    const want = (wish) => {
      const number = ++asked;
      if (flying < flights) fly(wish, number);
      else waiting = [wish, number];
    };
    // What was wished for is there by another way: no answer of before counts.
    want.forget = () => {
      shown = ++asked;
      waiting = null;
    };
    return want;
  }

  function paint(canvas, image) {
    if (canvas.width !== image.width || canvas.height !== image.height) {
      canvas.width = image.width;
      canvas.height = image.height;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  // Draws at a whole factor of the source's size, in the screen's own dots, so that every source
  // pixel is the same square.
  function fitWhole(canvas, box, side, most) {
    const dots = window.devicePixelRatio || 1;
    const room = Math.min(box.clientWidth, most);
    const factor = Math.max(1, Math.floor((room * dots) / side)) / dots;
    canvas.style.width = canvas.style.height = `${factor * side}px`;
  }

  // make("button", {className: "x", onclick}, child, "text") -> an element
  function make(tag, values = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(values)) {
      if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
      else element[name] = value;
    }
    element.append(...children);
    return element;
  }

  function saveAs(blob, name) {
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // Where the browser allows no copying (plain http on another machine), the address bar has it.
  async function copyAddress(address) {
    try {
      await navigator.clipboard.writeText(address);
      return "Link copied.";
    } catch {
      history.replaceState(null, "", address);
      return "The link is now in the address bar.";
    }
  }

  // The page's address without what it asks for: where links begin.
  const pageAddress = () => location.href.split(/[?#]/)[0];

  // say(text) shows a text in `element` for some seconds, or until another takes its place.
  const sayer = (element, ms = 4000) => (text) => {
    element.textContent = text;
    setTimeout(() => { if (element.textContent === text) element.textContent = ""; }, ms);
  };

  // Bytes as text for addresses and command lines: URL-safe base64 without padding, and back.
  const toText = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

  const anySeed = () => crypto.getRandomValues(new Uint32Array(1))[0] % 1000000;

  // Pictures kept in Explore; Walk, which may not be open yet, takes them from here.
  const kept = [];

  const number = (value, digits = 3) =>
    Number.isFinite(value) ? Number(value.toPrecision(digits)).toLocaleString("en", { signDisplay: "negative" }) : "–";

  return {
    url, ask, query, model, latents, pictures, walk, unpack, newest, paint, fitWhole, make, saveAs, copyAddress, pageAddress,
    sayer, toText, toBytes, anySeed, kept, number,
  };
})();
