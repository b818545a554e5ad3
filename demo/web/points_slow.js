// Points: one step in slow motion, part by part, with everything else dimmed.
(() => {
  const { number } = window.ganscope;
  const PART_MS = 2200;
  const share = (value) => (value === null || value === undefined ? "–" : value.toFixed(2));

  // Each: the boxes that are lit, the layers that are seen, which of the three moments, and the words.
  const PARTS = [
    { boxes: ["noise"], layers: [], moment: 0, words: () => "1 · Noise. Random numbers z: in training new ones each time, here always the same, so that a dot can be followed." },
    { boxes: ["generator", "fakes"], layers: ["manifold", "fake"], moment: 0, words: () => "2 · Generator. It moves every z to a place in the plane: these are the fakes." },
    { boxes: ["reals", "fakes", "discriminator"], layers: ["surface", "real", "fake"], moment: 0, words: () => "3 · Discriminator. It says of each place how real it looks: green real, purple fake." },
    { boxes: ["discriminator", "losses"], layers: ["surface", "real", "fake"], moment: 1, words: ([, d]) => `4 · D learns. Its loss is ${number(d.d_loss ?? NaN)}: it now says ${share(d.d_real)} of reals and ${share(d.d_fake)} of fakes. Its surface has moved a little.` },
    { boxes: ["losses", "fakes"], layers: ["surface", "fake", "pulls"], moment: 1, words: () => "5 · Gradients. Through D, each fake is told where to go to look more real: the arrows." },
    { boxes: ["generator", "fakes"], layers: ["trails", "fake", "manifold"], moment: 2, words: ([, , g]) => `6 · G learns. Its loss is ${number(g.g_loss ?? NaN)}: its weights change a little, and all fakes move. That was step ${g.step.toLocaleString("en")}.` },
  ];

  /* step(): the three moments of one step, or null; show(part or null): {boxes, layers, frame, words, index}.
     Returns {toggle(), on(), stop()}. */
  window.ganscope.pointsSlow = ({ step, show, changed }) => {
    let turn = 0, on = false;

    async function run() {
      const mine = ++turn;
      while (on && mine === turn) {
        const moments = await step();
        if (!moments) return stop();
        for (const [index, part] of PARTS.entries()) {
          if (!on || mine !== turn) return;
          show({ ...part, index, frame: moments[part.moment], before: moments[0], words: part.words(moments) });
          await new Promise((done) => setTimeout(done, PART_MS));
        }
      }
    }

    function stop() {
      if (!on) return;
      on = false;
      turn++;
      show(null);
      changed();
    }

    function toggle() {
      if (on) return stop();
      on = true;
      changed();
      run();
    }

    return { toggle, stop, on: () => on };
  };
})();
