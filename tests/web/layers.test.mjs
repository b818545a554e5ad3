// What may import what, and what no module may do.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const WEB = fileURLToPath(new URL("../../demo/web", import.meta.url));
// Folders that several tabs use. Beside these and its own, a tab imports nothing but core.
// Learn shows sessions on points.
const SHARED = { export: [], run: [], sketch: [], uploads: [], points: ["export", "run", "uploads"] };
const modules = readdirSync(WEB, { recursive: true }).map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".js"));
const code = (name) => readFileSync(`${WEB}/${name}`, "utf8");
const importsOf = (name) =>
  [...code(name).matchAll(/^(?:import|export)\b[^;]*? from "([^"]+)";|\bimport\("([^"]+\.js)"\)[^.]/gm)]
    .map(([, path, later]) => posix.join(dirname(name), path ?? later));
const folderOf = (name) => name.split("/")[0];

test("core imports no other folder, and tabs import core and what is shared", () => {
  for (const name of modules.filter((name) => name.includes("/"))) {
    const own = folderOf(name),
      allowed = own === "core" ? ["core"] : ["core", own, ...(SHARED[own] ?? Object.keys(SHARED))];
    for (const path of importsOf(name)) {
      assert.ok(modules.includes(path), `${name} imports ${path}, which is not there`);
      assert.ok(allowed.includes(folderOf(path)), `${name} imports ${path}`);
    }
  }
});

test("no circle of imports", () => {
  const state = new Map();
  const visit = (name, trail) => {
    assert.notEqual(state.get(name), "open", [...trail, name].join(" -> "));
    if (state.has(name)) return;
    state.set(name, "open");
    for (const path of importsOf(name)) visit(path, [...trail, name]);
    state.set(name, "done");
  };
  for (const name of modules) visit(name, []);
});

test("nothing hangs on window", () => {
  for (const name of modules) assert.doesNotMatch(code(name), /\b(window|globalThis|self)\.\w+ = /, name);
});

test("only one module reads and writes the page's address", () => {
  // load.js may reload the page; it imports nothing.
  const others = modules.filter((name) => !["core/address.js", "load.js"].includes(name));
  for (const name of others) assert.doesNotMatch(code(name), /\blocation\b|\b(push|replace)State\b/, name);
});

test("lines and files are short enough to read", () => {
  for (const name of modules) {
    const lines = code(name).split("\n");
    assert.ok(lines.length <= 310, `${name} has ${lines.length} lines`);
    lines.forEach((line, i) => assert.ok(line.length <= 120, `${name}:${i + 1} has ${line.length} characters`));
  }
});
