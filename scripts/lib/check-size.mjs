// Checks how much a first visit loads, compressed with brotli: check-size.mjs FOLDER
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const budgets = [
  { what: 'JavaScript and wasm', ending: /\.(js|wasm)$/, limit: 120_000 },
  { what: 'CSS', ending: /\.css$/, limit: 15_000 },
];

const folder = process.argv[2];
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
const brotli = (file) => {
  const content = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  return brotliCompressSync(content, { params }).length;
};
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

let over = false;
for (const { what, ending, limit } of budgets) {
  let total = 0;
  for (const file of files.filter((name) => ending.test(name))) {
    const size = brotli(file);
    total += size;
    console.log(`  ${path.relative(folder, file).padEnd(48)} ${kilobytes(size).padStart(10)}`);
  }
  const verdict = total === 0 ? 'MISSING' : total > limit ? 'TOO MUCH' : 'fine';
  over ||= verdict !== 'fine';
  console.log(`${what}: ${kilobytes(total)} of at most ${kilobytes(limit)}: ${verdict}`);
}
process.exit(over ? 1 : 0);
