/**
 * A run on many machines, all of them on this one, with a redis-server, an endpoint and a folder of its own:
 *
 *   npm run bench:queue -- [--part equal|throughput|quota|kills|network|memory ...] [--cells N] [--seed N]
 *
 * Ends with code 1 when results differ from those of one machine, a quota is missed by more than 2 % or answered 429 more
 * often than 1 %, a cell is lost or has two results, or more cells are paid twice than the killed workers had in hand.
 */

import { parseArgs } from 'node:util';
import { kills } from './queue-kills.mjs';
import { network } from './queue-network.mjs';
import { equal, memory, quota, throughput } from './queue-speed.mjs';

const PARTS = { equal, throughput, quota, kills, network, memory };

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true, default: Object.keys(PARTS) },
    cells: { type: 'string' },
    seed: { type: 'string' },
  },
});
const unknown = values.part.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`unknown part ${unknown.join(', ')} · one of ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}
const numbers = Object.fromEntries(
  ['cells', 'seed'].filter((name) => values[name] !== undefined).map((name) => [name, Number(values[name])]),
);
let missed = 0;
for (const name of values.part) if (!(await PARTS[name](numbers))) missed += 1;
console.log(missed === 0 ? 'all bounds held' : `${missed} parts missed a bound`);
process.exitCode = missed === 0 ? 0 : 1;
