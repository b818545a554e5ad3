// Where it went: a line of papers, each of which changed one thing; those that the program has can be opened.
import { linkOf } from "../../core/address.js";
import { make } from "../../core/dom.js";
import { load } from "../../run/recorded.js";

const PAPERS = [
  ["gan", 2014, "1406.2661", "minimax"],
  ["dcgan", 2015, "1511.06434", "dcgan"],
  ["improved", 2016, "1606.03498", "feature_matching"],
  ["noise", 2016, "1610.04490", "instance_noise"],
  ["unrolled", 2016, "1611.02163", "unrolled"],
  ["lsgan", 2016, "1611.04076", "lsgan"],
  ["inverse", 2016, "1605.09782", ""],
  ["wgan", 2017, "1701.07875", "wgan"],
  ["confidence", 2017, "1701.06548", "confidence_penalty"],
  ["wgan_gp", 2017, "1704.00028", "wgan_gp"],
  ["vat", 2017, "1704.03976", "vat"],
  ["dragan", 2017, "1705.07215", "dragan"],
  ["ttur", 2017, "1706.08500", "ttur"],
  ["progressive", 2018, "1710.10196", "progressive"],
  ["r1", 2018, "1801.04406", "r1"],
  ["sngan", 2018, "1802.05957", "sngan"],
  ["projection", 2018, "1802.05637", "conditional"],
  ["ema", 2018, "1806.04498", "ema"],
  ["relativistic", 2018, "1807.00734", "rpgan"],
  ["biggan", 2018, "1809.11096", "biggan"],
  ["stylegan", 2018, "1812.04948", ""],
  ["diffaugment", 2020, "2006.10738", "diffaugment"],
  ["diffusion", 2020, "2006.11239", ""],
  ["wavelet", 2021, "2102.06108", "wavelet"],
  ["r3gan", 2024, "2501.05441", "r3gan"],
];
const NEAR = 0.2;

/** @param {import("../chapters.js").FigureTools} tools @returns {import("../chapters.js").Figure} */
export function figure({ words: { figure: words, timeline }, props }) {
  const rows = PAPERS.map(([id, year, paper, method]) =>
    make(
      "li",
      make("strong", String(year)),
      " ",
      make("a", { href: `https://arxiv.org/abs/${paper}`, target: "_blank", rel: "noopener" }, timeline[id]),
      " ",
      method
        ? make(
          "a.gs-quiet",
          { href: linkOf({ train: JSON.stringify({ data: "faces", method }) }), target: "_blank" },
          words.open,
        )
        : make("span.gs-quiet", words.none),
    )
  );
  return {
    element: make("div", make("p.gs-name", words.papers), make("ol.gs-papers", ...rows)),
    async measure() {
      const { sides } = await load(props.compare);
      const [left, right] = sides.map(({ points }) => points.distance.findLast((value) => value !== null));
      const apart = Math.abs(left - right) / Math.min(left, right);
      return {
        right: apart <= NEAR ? 0 : left < right ? 1 : 2,
        values: { left: left.toPrecision(3), right: right.toPrecision(3) },
      };
    },
  };
}
