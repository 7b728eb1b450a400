// Our provider path against a bare undici + p-limit loop and the openai client, on loopback, interleaved round by round:
// node bench/wire.mjs [ROUNDS] [IN_FLIGHT]
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median, scratch, startEndpoint } from './harness.mjs';

const CONTENDER = fileURLToPath(new URL('wire-contender.mjs', import.meta.url));
const CONTENDERS = ['bare', 'earsight', 'openai'];
/** Of images; text is quick and plays three times as many, for medians that hold on a noisy machine. */
const [rounds = 5, inFlight = 64] = process.argv.slice(2).map(Number);
const TEXT_REQUESTS = 4000;
const IMAGES = 500;
const IMAGE_BYTES = 300_000;
const MODELS = 3;

const endpoint = await startEndpoint();
const files = scratch();
try {
  const folder = files.path('images');
  mkdirSync(folder);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  for (let index = 0; index < IMAGES; index += 1)
    writeFileSync(
      files.path('images', `${String(index).padStart(3, '0')}.png`),
      Buffer.concat([signature, randomBytes(IMAGE_BYTES - signature.length)]),
    );
  await compete(
    'text',
    3 * rounds,
    TEXT_REQUESTS,
    folder,
    `${TEXT_REQUESTS} text requests, bodies prebuilt for the bare loop`,
  );
  await compete(
    'images',
    rounds,
    IMAGES * MODELS,
    folder,
    `${IMAGES} images of ${IMAGE_BYTES} bytes to ${MODELS} models, the bare loop reads and encodes for every request`,
  );
} finally {
  endpoint.close();
  files.remove();
}

async function compete(work, rounds, requests, folder, title) {
  const contenders = await Promise.all(CONTENDERS.map((name) => start(name, work, requests, folder)));
  await playRound(contenders); // warms up compiler and connections, and does not count
  const seconds = new Map(CONTENDERS.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, taken] of await playRound(contenders)) seconds.get(name).push(taken);
  console.log(`${title}; ${inFlight} in flight, ${rounds} rounds:`);
  for (const contender of contenders) {
    const { peakMb } = await contender.tell('end');
    const taken = seconds.get(contender.name);
    // Round against round: the machine is as fast for both.
    const ratio = median(seconds.get('bare').map((bare, round) => bare / taken[round]));
    const typical = median(taken);
    console.log(
      `  ${contender.name.padEnd(9)} ${Math.round(requests / typical)
        .toString()
        .padStart(6)} requests/s, ${ratio.toFixed(2)} of bare, peak ${peakMb.toFixed(0)} MB`,
    );
  }
}

async function playRound(contenders) {
  const taken = [];
  for (const { name, tell } of contenders) taken.push([name, (await tell('round')).seconds]);
  return taken;
}

/** One process a contender, so that compiler, connections and memory are its own. */
async function start(name, work, requests, folder) {
  const child = fork(CONTENDER, [name, work, endpoint.url, String(inFlight), String(requests), folder], {
    execArgv: ['--expose-gc'],
  });
  const ended = new Promise((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  ended.catch(() => {});
  const message = () => Promise.race([ended, new Promise((resolve) => child.once('message', resolve))]);
  await message();
  return {
    name,
    tell: (command) => {
      const answer = message();
      child.send(command);
      return answer;
    },
  };
}
