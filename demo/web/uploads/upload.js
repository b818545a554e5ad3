// Uploads: files from a drop or a file dialog, folders included, sent in packs.
import { fetchRoute, url } from "../core/api.js";
import { MAX_UPLOAD_BYTES, MAX_UPLOAD_FILES } from "../core/constants.js";
import { withPageToken } from "../core/page.js";

/** @typedef {{file: File, name: string}} Found a file, and the path to it below what was dropped or chosen */

const TOO_MANY = `These are more than ${MAX_UPLOAD_FILES.toLocaleString("en")} files, the limit: choose fewer.`;
const TOO_LARGE = `This is larger than ${
  MAX_UPLOAD_BYTES / 1e6
} MB, the upload limit: choose fewer pictures, or smaller ones.`;

/** The files of a drop, those in its folders included.
 * @param {ReturnType<typeof import("../core/dom.js").dropOf>} drop @returns {Promise<Found[]>} */
export const dropped = ({ entries, files }) =>
  entries.length ? walked(entries) : Promise.resolve(files.map((file) => ({ file, name: file.name })));

async function walked(entries) {
  const found = [], waiting = [...entries];
  while (waiting.length) {
    const entry = waiting.shift();
    if (entry.isDirectory) waiting.unshift(...(await listed(entry)));
    else found.push({ file: await opened(entry), name: entry.fullPath.replace(/^\//, "") });
    if (found.length > MAX_UPLOAD_FILES) throw new Error(TOO_MANY);
  }
  return found.filter(({ file }) => file);
}

async function listed(folder) {
  const reader = folder.createReader(), all = [];
  // readEntries gives up to a hundred at a time, and none at the end.
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) return all.sort((a, b) => (a.name < b.name ? -1 : 1));
    all.push(...some);
  }
}

const opened = (entry) => new Promise((resolve) => entry.file(resolve, () => resolve(null)));

/** Of an <input type="file">; a chosen folder's files know the path to them.
 * @param {Iterable<File>} files @returns {Found[]} */
export const chosen = (files) => [...files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));

// XMLHttpRequest, since fetch has no upload progress.
function send(path, body, headers, onProgress, request) {
  return new Promise((resolve, reject) => {
    request.open("POST", url(path));
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onerror = () => reject(new Error("The upload broke off. Check the connection, then drop the files again."));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onload = () => {
      if (request.status === 200) return resolve();
      let refusal;
      try {
        refusal = JSON.parse(request.responseText).error;
      } catch { /* not ours */ }
      reject(new Error(refusal || "The server could not take these files. Try again."));
    };
    request.send(body);
  });
}

/** Sends files; `id` promises the name of the set that holds them all.
 * @param {Found[]} files @param {(sent: number, total: number) => void} onProgress in bytes */
export function upload(files, onProgress) {
  let stopped = false, request = null;
  async function run() {
    const total = files.reduce((sum, { file }) => sum + file.size, 0);
    if (!files.length) throw new Error("There is no file among what was dropped.");
    if (files.length > MAX_UPLOAD_FILES) throw new Error(TOO_MANY);
    if (total > MAX_UPLOAD_BYTES) throw new Error(TOO_LARGE);
    const { headers } = await withPageToken();
    const { id } = await (await fetchRoute("own", { method: "POST", headers })).json();
    let sent = 0;
    try {
      for (const pack of packsOf(files)) {
        if (stopped) throw new DOMException("stopped", "AbortError");
        request = new XMLHttpRequest();
        await send(
          `own/${id}/files`,
          pack,
          headers,
          (loaded) => onProgress(Math.min(sent + loaded, total), total),
          request,
        );
        sent += pack.size;
      }
    } catch (error) {
      remove(id);
      throw error;
    }
    return id;
  }
  return {
    id: run(),
    stop() {
      stopped = true;
      request?.abort();
    },
  };
}

/** Delete an upload from the server. @param {string} id */
export async function remove(id) {
  await fetchRoute(`own/${id}`, await withPageToken({ method: "DELETE" })).catch(() => {});
}

const PACK_BYTES = 8_000_000, PACK_FILES = 500;
const NAME_BYTES = 1000;
const encoder = new TextEncoder();

/** Files in packs, each to be sent by itself. @param {{file: Blob, name: string}[]} files @returns {Blob[]} */
export function packsOf(files) {
  const made = [];
  let parts = [], bytes = 0, count = 0;
  for (const { file, name } of files) {
    const label = encoder.encode(name).slice(0, NAME_BYTES), header = new DataView(new ArrayBuffer(10));
    header.setUint16(0, label.length, true);
    header.setBigUint64(2, BigInt(file.size), true);
    if (parts.length && (bytes + file.size > PACK_BYTES || count >= PACK_FILES)) {
      made.push(new Blob(parts));
      [parts, bytes, count] = [[], 0, 0];
    }
    parts.push(header.buffer, label, file);
    bytes += file.size;
    count++;
  }
  if (parts.length) made.push(new Blob(parts));
  return made;
}
