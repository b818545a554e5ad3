// From tab to tab: a latent vector that is handed over, and the text that it has in an address.
(() => {
  const { toBytes, toText } = window.ganscope;
  // Steps a unit. A z that is not a seed's is rounded to them before it is drawn, so that a link, which
  // has room for 16 bits a number, gives the same picture to the pixel.
  const STEPS = 4096;
  const LARGEST = 32767;
  const waiting = {}; // tab -> what was handed to it before its script ran
  const takers = {};
  let show = () => {};

  // The one component that can switch tabs (demo/page.py).
  window.ganscope.courier = (element, props, trigger) => {
    element.hidden = true;
    show = (tab) => trigger("go", { tab });
    keepTabInSight(element.closest(".gradio-container"));
  };

  // On a phone the strip of tabs is wider than the screen, and a tab may be opened from elsewhere.
  function keepTabInSight(page) {
    new MutationObserver((changes) => {
      // The options of menus are selected as well.
      if (!changes.some(({ target }) => target.role === "tab")) return;
      const tab = page.querySelector(".tab-container [aria-selected='true']");
      const strip = tab?.closest(".tab-wrapper");
      if (!strip) return;
      const seen = strip.getBoundingClientRect(), { left, width } = tab.getBoundingClientRect();
      strip.scrollLeft += left + width / 2 - (seen.left + seen.width / 2);
    }).observe(page, { subtree: true, attributeFilter: ["aria-selected"] });
  }

  // Show a tab by its id and give it {model, z, label, …}.
  function handOver(tab, detail) {
    waiting[tab] = detail;
    deliver(tab);
    show(tab);
  }

  // A tab's script takes what comes, and what came before it was built.
  function receive(tab, callback) {
    takers[tab] = callback;
    deliver(tab);
  }

  function deliver(tab) {
    if (!takers[tab] || !(tab in waiting)) return;
    const detail = waiting[tab];
    delete waiting[tab];
    takers[tab](detail);
  }

  const whole = (value) => Math.min(Math.max(Math.round(value * STEPS), -LARGEST), LARGEST);
  const roundZ = (z) => Float32Array.from(z, (value) => whole(value) / STEPS);

  // Numbers that roundZ has rounded -> text for an address, 8 signs for 3 numbers.
  function packZ(z) {
    const view = new DataView(new ArrayBuffer(2 * z.length));
    z.forEach((value, i) => view.setInt16(2 * i, whole(value), true));
    return toText(new Uint8Array(view.buffer));
  }

  // The inverse; null for anything but the text of z_dim numbers.
  function unpackZ(text, z_dim) {
    if (typeof text !== "string" || text.length !== Math.ceil((8 * z_dim) / 3) || !/^[\w-]*$/.test(text)) return null;
    const view = new DataView(toBytes(text).buffer);
    return Float32Array.from({ length: z_dim }, (_, i) => view.getInt16(2 * i, true) / STEPS);
  }

  Object.assign(window.ganscope, { handOver, receive, roundZ, packZ, unpackZ });
})();
