// How files travel (demo/own_packs.py): one after another, each behind a header of its name's length (2 bytes) and
// its own (8 bytes), little endian, and its name.
const PACK_BYTES = 8_000_000, PACK_FILES = 500;
const NAME_BYTES = 1000;
const encoder = new TextEncoder();

/**
 * Files in packs, each to be sent by itself.
 * @param {{file: Blob, name: string}[]} files
 * @returns {Blob[]}
 */
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
