// Reads a Parquet set of 300 images of 200 kB in several layouts: npm run bench:parquet
//
// For each layout a process of its own validates the set with the built command's reader. It checks the hash of every image,
// and measures peak memory and the bytes that were read from the file.
import { fork } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const IMAGES = 300;
const IMAGE_BYTES = 200_000;
const MAX_MEMORY = 250 * 2 ** 20;

const LAYOUTS = {
  'one row group, one page': { pageSize: 2 ** 30 },
  'one row group, pages of 1 MiB': {},
  'one row group, pages without an index': { offsetIndex: false },
  'row groups of 100': { rowGroupSize: 100 },
  'row groups of 20, Snappy': { rowGroupSize: 20, codec: 'SNAPPY' },
};

/** Images that cannot be compressed, as real ones, with the head of a PNG of one pixel. */
function imageOf(row) {
  const bytes = new Uint8Array(IMAGE_BYTES);
  randomFillSync(bytes);
  bytes.set(Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de', 'hex'));
  bytes[IMAGE_BYTES - 1] = row % 256;
  return bytes;
}

async function write(path, { rowGroupSize = 1000, pageSize = 2 ** 20, codec = 'UNCOMPRESSED', offsetIndex = true }) {
  const { ByteWriter, parquetWrite } = await import('hyparquet-writer');
  const images = Array.from({ length: IMAGES }, (_, row) => imageOf(row));
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      { name: 'question', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    ],
    columnData: [
      {
        name: 'image',
        data: images.map((bytes, row) => ({ bytes, path: `${row}.png` })),
        offsetIndex,
        encoding: 'PLAIN',
      },
      { name: 'question', data: images.map((_, row) => `What is ${row}?`), offsetIndex },
    ],
    ...{ rowGroupSize, pageSize, codec },
  });
  writeFileSync(path, new Uint8Array(writer.getBytes()));
  return images.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
}

/** In a process of its own. */
async function read(path) {
  const { parquet } = await import('../dist/dataset/foreign/parquet/format.js');
  const before = bytesRead();
  const files = [];
  for await (const items of parquet.read(path, false))
    for (const item of items) if ('values' in item) files.push(item.values.file_name[0]);
  process.send({ files, peak: process.resourceUsage().maxRSS * 1024, read: bytesRead() - before });
}

/** What the process read from files, by Linux's count. */
const bytesRead = () => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

if (process.argv[2] === 'read') {
  await read(process.argv[3]);
  process.disconnect();
} else {
  let isGood = true;
  for (const [name, layout] of Object.entries(LAYOUTS)) {
    const folder = mkdtempSync(join(tmpdir(), 'earsight-parquet-'));
    const path = join(folder, 'set.parquet');
    const wanted = await write(path, layout);
    const found = await new Promise((resolve) => {
      fork(fileURLToPath(import.meta.url), ['read', path]).once('message', resolve);
    });
    const right = found.files.filter((file, row) => {
      const bytes = readFileSync(join(folder, file));
      return createHash('sha256').update(bytes).digest('hex') === wanted[row];
    }).length;
    const share = found.read / statSync(path).size;
    const files = readdirSync(join(folder, '.earsight', 'media')).length;
    console.log(
      `${name}: ${right}/${IMAGES} right, peak ${(found.peak / 2 ** 20).toFixed(0)} MiB, read ${share.toFixed(2)} x the file, ${files} files`,
    );
    isGood &&= right === IMAGES && found.peak < MAX_MEMORY && share <= 2;
    rmSync(folder, { recursive: true });
  }
  process.exitCode = isGood ? 0 : 1;
}
