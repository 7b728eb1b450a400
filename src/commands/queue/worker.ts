/** `earsight worker`: asks the models for a run that another machine coordinates. */

import { resolve } from 'node:path';
import { type Arguments, type Command, number, text } from '../../command.ts';
import { DEFAULTS } from '../../config/defaults.ts';
import { EXIT, InputError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { QueueAddress } from '../../queue/connect.ts';
import type { WorkerPlaces } from '../../queue/worker/worker-setup.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { QUEUE_AUTH, queueAuthOf } from '../queue-auth.ts';

export const QUEUE_OPTIONS = {
  queue: { type: 'string', describe: 'redis:// or rediss:// URL (default: the variable EARSIGHT_QUEUE)' },
  'queue-auth': QUEUE_AUTH,
  prefix: { type: 'string', describe: 'begins every name in Redis, as queue.prefix', default: DEFAULTS.queue.prefix },
} as const;

export const workerCommand: Command = {
  example: [
    'earsight worker --queue redis://10.0.0.4:6379',
    'ask the models for the run in that queue, until it has ended',
  ],
  options: {
    ...QUEUE_OPTIONS,
    dataset: {
      type: 'string',
      describe: 'the same manifest, a path or an https: URL (default: EARSIGHT_DATASET, or where the run says)',
    },
    'media-root': {
      type: 'string',
      describe: 'its media, a folder or an https: URL (default: EARSIGHT_MEDIA_ROOT, or as the run says)',
    },
    concurrency: { type: 'number', describe: 'most requests in flight over all models (default: 256)' },
    out: { type: 'string', describe: "folder of this worker's journals", default: '.earsight/worker' },
  },
  async run(args, io) {
    const say = (line: string) => io.stderr.write(`${escapeTerminal(line)}\n`);
    const { connectQueue, work } = await import('../../queue/entry.ts');
    const concurrency = number(args, 'concurrency');
    if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1))
      throw new InputError({ message: `--concurrency ${concurrency} is not a whole number from 1` });
    const connection = await connectQueue(queueAddress(args, io), { credential: io.credential, say });
    try {
      const folder = resolve(io.cwd, text(args, 'out') ?? '');
      const done = await work({ connection, places: placesOf(args, io), concurrency, folder, say }, io);
      if (done !== null) say(`${done.runId}: ${done.done} cells`);
      return io.stop.aborted ? Number(io.stop.reason) : EXIT.done;
    } finally {
      await connection.close();
    }
  },
};

/** A URL may hold a signature, which belongs into a variable. */
function placesOf(args: Arguments, { env }: Pick<Io, 'env'>): WorkerPlaces {
  const placeOf = (option: string, variable: string) => {
    const value = text(args, option) ?? env[variable];
    return value === '' ? undefined : value;
  };
  return {
    dataset: placeOf('dataset', 'EARSIGHT_DATASET'),
    mediaRoot: placeOf('media-root', 'EARSIGHT_MEDIA_ROOT'),
  };
}

/** @throws {InputError} when neither the option nor the variable names the queue. */
export function queueAddress(args: Arguments, { env }: Pick<Io, 'env'>): QueueAddress {
  const url = text(args, 'queue') ?? env['EARSIGHT_QUEUE'];
  const auth = queueAuthOf(args, env['EARSIGHT_QUEUE_AUTH']) ?? DEFAULTS.queue.auth;
  if (url !== undefined && url !== '') return { url, prefix: text(args, 'prefix') ?? '', auth };
  throw new InputError({ message: 'no --queue given', hint: 'for example --queue redis://127.0.0.1:6379' });
}
