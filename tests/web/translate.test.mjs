// Texts in another language: sentences by themselves, with values, in a row, and what stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "../../demo/web/core/texts.js";
import { arranged, translator } from "../../demo/web/core/translate.js";

const translate = translator([
  {
    "Copy link": "复制链接",
    "Link copied.": "已复制链接。",
    "glasses": "眼镜",
    "{} of {}": "{1} 中的 {0}",
    "seed {}": "种子 {0}",
    "There is no {} in {}.": "{1} 中没有 {0}。",
    "Opening {} …": "正在打开 {0} …",
  },
  {
    "Step {}, {} s": "第 {0} 步，{1} 秒",
    "Failed{}": "失败{0}",
    "In this link, {}.": "此链接中，{0}。",
    "In that link, {}={} {}.": "那个链接中的 {=0}={=1} {2}。",
  },
]);

test("a sentence, with the spaces around it", () => {
  assert.equal(translate("Copy link"), "复制链接");
  assert.equal(translate("\n  Copy \n link "), "\n  复制链接 ");
});

test("values keep their place in the translation", () => {
  assert.equal(translate("There is no config.json in runs/a."), "runs/a 中没有 config.json。");
  assert.equal(translate("Step 1,204, 3.5 s"), "第 1,204 步，3.5 秒");
  assert.equal(translate("Failed"), "失败");
  assert.equal(translate("Opening faces …"), "正在打开 faces …");
});

test("a value that can be translated is", () => {
  assert.equal(translate("There is no glasses in seed 7."), "种子 7 中没有 眼镜。");
});

test("a value that is a list, or follows a comma", () => {
  assert.equal(translate("There is no seed 1, glasses, and seed 3 in runs."), "runs 中没有 种子 1、眼镜、种子 3。");
  assert.equal(translate("Failed, glasses"), "失败，眼镜");
  // Names stay as they are.
  assert.equal(translate("There is no a, b in c."), "c 中没有 a, b。");
});

test("a value that is a name in the address stays as it is", () => {
  assert.equal(translate("In that link, glasses=glasses glasses."), "那个链接中的 glasses=glasses 眼镜。");
});

test("several sentences, and parts of a line", () => {
  assert.equal(translate("Link copied. There is no a in b."), "已复制链接。b 中没有 a。");
  assert.equal(translate("seed 3 · Copy link · 64×64"), "种子 3 · 复制链接 · 64×64");
  assert.equal(
    translate("Link copied. Nobody knows this sentence here."),
    "已复制链接。Nobody knows this sentence here.",
  );
});

test("a template that says little does not swallow sentences", () => {
  assert.equal(translate("8 of 9"), "9 中的 8");
  const unknown = "the mean of all that was ever seen";
  assert.equal(translate(unknown), unknown);
  // A value does not reach over the end of a sentence.
  assert.equal(translate("There is no a. Some more in b."), "There is no a. Some more in b.");
});

test("what has no words, is unknown or is translated already stays", () => {
  for (const text of ["", "  ", "3.5 × 2", "z", "已复制链接。", "SeFa", "constructor", "__proto__"]) {
    assert.equal(translate(text), text);
  }
});

test("what stands within a sentence has its place in the translation", () => {
  assert.deepEqual(arranged("{1} 中的 {0}。"), [1, " 中的 ", 0, "。"]);
  assert.deepEqual(arranged("生成器"), ["生成器"]);
});

test("a named value", () => {
  assert.equal(fill("{a} and {b}, {a}", { a: 1, b: "{a}" }), "1 and {a}, 1");
  assert.equal(fill("{missing}", {}), "{missing}");
});

test("what the page composes, in Chinese", async () => {
  const area = async (name) => JSON.parse(await Deno.readTextFile(`demo/web/texts/zh/${name}.json`));
  const chinese = translator(await Promise.all(["page", "settings", "messages", "composed"].map(area)));
  const steps = "spiky to hijab at frame 9, bob to beanie at frame 15, and 3 more";
  assert.equal(
    chinese(`The class changes 5 times, and there the picture jumps: ${steps}.`),
    "类别改变 5 次，图片在那里跳变：第 9 帧由 刺猬头 变为 头巾、第 15 帧由 波波头 变为 毛线帽、还有 3 个。",
  );
  assert.equal(chinese("frame 1 of 60, hijab"), "第 1 帧，共 60 帧，头巾");
  assert.equal(chinese("Stopped at step 1,278"), "已停止（第 1,278 步）");
  assert.equal(chinese("Failed at step 3"), "失败（第 3 步）");
  assert.equal(chinese("Stopped"), "已停止");
});

test("the second of a name is that name's second", () => {
  assert.equal(translate("glasses 2"), "眼镜 2");
  assert.equal(translate("seed 2"), "种子 2");
  assert.equal(translate("horses 2"), "horses 2");
});
