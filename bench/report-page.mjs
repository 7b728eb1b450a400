// How fast the report of a large run appears in Chromium, and how many nodes it has: node bench/report-page.mjs [SAMPLES] [MODELS]

import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { crc32, deflateSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { writeRun } from './generated-run.mjs';
import { CLI, measure, median, scratch } from './harness.mjs';

const [samples = 10_000, models = 3] = process.argv.slice(2).map(Number);
const IMAGES = 600;
const ROUNDS = 3;
const MOST_SECONDS = 3;
const MOST_NODES = 2000;

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);
if (executablePath === undefined) throw new Error('no Chromium: apt-get install chromium, or set CHROMIUM');

const work = scratch();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  await writeRun(work.path('run'), samples, models, (index) => `images/${index % IMAGES}.png`);
  mkdirSync(work.path('run', 'images'));
  for (let index = 0; index < IMAGES; index += 1) writeFileSync(work.path('run', 'images', `${index}.png`), png(index));
  const { code, cpuSeconds } = await measure([CLI, 'report', work.path('run'), '--reporter', 'html']);
  if (code !== 0) throw new Error(`earsight report ended with ${code}`);
  const file = work.path('run', 'report.html');
  console.log(
    `${samples} samples of ${models} models, ${IMAGES} pictures: ${(statSync(file).size / 1e6).toFixed(1)} MB, written in ${cpuSeconds.toFixed(1)} CPU s`,
  );
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await openPage(`file://${file}`));
  const seconds = median(rounds.map((round) => round.seconds));
  const cpu = median(rounds.map((round) => round.cpuSeconds));
  const nodes = Math.max(...rounds.flatMap((round) => round.nodes));
  console.log(
    `painted in ${seconds.toFixed(2)} s (${cpu.toFixed(2)} CPU s of the page; load of the machine ${loadavg()[0].toFixed(1)}), ${nodes} nodes at most`,
  );
  process.exitCode = seconds <= MOST_SECONDS && nodes < MOST_NODES ? 0 : 1;
} finally {
  await browser.close();
  work.remove();
}

/** Opens the page, waits until the list is on the screen, and looks at it from the first sample to the last. */
async function openPage(url) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const metrics = await page.context().newCDPSession(page);
  await metrics.send('Performance.enable');
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForSelector('.rows .row', { state: 'attached' });
  const milliseconds = await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))',
  );
  const figures = await metrics.send('Performance.getMetrics');
  const count = () => page.evaluate("document.querySelectorAll('*').length");
  const nodes = [await count()];
  for (const key of ['PageDown', 'PageDown', 'End']) {
    await page.keyboard.press(key);
    nodes.push(await count());
  }
  await page.close();
  const { value: cpuSeconds } = figures.metrics.find(({ name }) => name === 'TaskDuration');
  return { seconds: milliseconds / 1000, cpuSeconds, nodes };
}

/** A picture of 64 x 48 pixels in a colour of its own, with some noise. */
function png(index) {
  const [width, height] = [64, 48];
  const rows = Buffer.alloc((1 + 3 * width) * height);
  for (let at = 0; at < rows.length; at += 1)
    rows[at] = at % (1 + 3 * width) === 0 ? 0 : (index * 37 + (at % 3) * 80 + ((at * 7919) % 23)) % 256;
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0]);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
