// The three charts of a run: what each player loses, what D believes, and how far the fakes are.
(() => {
  const { chart, number } = window.ganscope;

  // `actions` are the charts' own: pick(index) after a click, hover(index or null).
  window.ganscope.runCharts = (actions) => {
    const players = [
      { name: "D", column: "d_loss", actor: "discriminator", shape: "square" },
      { name: "G", column: "g_loss", actor: "generator", shape: "triangle", dash: "6 3" },
    ];
    const beliefs = [
      { name: "D(real)", column: "d_real", actor: "real", shape: "circle" },
      { name: "D(fake)", column: "d_fake", actor: "fake", shape: "diamond", dash: "6 3" },
    ];
    const distance = [{ name: "fakes", column: "distance", actor: "fake", shape: "diamond", dots: true }];
    const chance = { value: 0.5, text: "guessing: 0.5", right: true };
    const sayLoss = ({ name }, value) => `${name} ${number(value)}`;
    const sayBelief = ({ name }, value) => `${name} ${value.toFixed(2)}`;
    const sayDistance = (_, value, { reference, past }) =>
      `${past ? "then" : "now"} ${number(value)}` + (reference ? ` = ${number(value / reference.value, 2)} × the floor` : "");
    return {
      losses: chart({ ...actions, title: "Loss of each player", series: players, say: sayLoss }),
      beliefs: chart({ ...actions, title: "What D believes", series: beliefs, range: [0, 1], ends: { 0: "fake 0", 1: "real 1" }, reference: chance, say: sayBelief }),
      distance: chart({ ...actions, title: "Distance", series: distance, log: true, say: sayDistance }),
    };
  };
})();
