/** `earsight status`: how far the run in a queue is. */

import { type Command, flag } from '../../command.ts';
import { EXIT, InputError } from '../../errors.ts';
import type { QueueStatus } from '../../queue/read-status.ts';
import type { RunFigures } from '../../queue/run-document.ts';
import type { WorkerInfo } from '../../queue/worker-info.ts';
import { dollars, duration } from '../../reporters/figures-for-people.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { terminalJson } from '../../text/terminal-json.ts';
import { textTable } from '../../text/text-table.ts';
import { QUEUE_OPTIONS, queueAddress } from './worker.ts';

export const statusCommand: Command = {
  example: [
    'earsight status --queue redis://10.0.0.4:6379',
    'cells, failures, workers and money of the run in that queue',
  ],
  options: {
    ...QUEUE_OPTIONS,
    json: { type: 'boolean', describe: 'print one JSON document', default: false },
  },
  async run(args, io) {
    const { connectQueue, readStatus } = await import('../../queue/entry.ts');
    const say = (line: string) => io.stderr.write(`${escapeTerminal(line)}\n`);
    const connection = await connectQueue(queueAddress(args, io), { credential: io.credential, say });
    try {
      const status = await readStatus(connection);
      if (status === null)
        throw new InputError({
          message: `the queue at ${connection.shown} holds no run`,
          hint: 'start one with earsight run --queue',
        });
      if (flag(args, 'json')) io.stdout.write(`${terminalJson(status, 2)}\n`);
      else for (const line of statusLines(status)) io.stdout.write(`${line}\n`);
      return EXIT.done;
    } finally {
      await connection.close();
    }
  },
};

/** Safe for a terminal. */
function statusLines({ runId, state, figures, workers, unserved, stops, money }: QueueStatus): readonly string[] {
  const inFlight = workers.reduce((sum, worker) => sum + worker.inFlight, 0);
  const lines = [
    `${runId} (${state})`,
    ...(figures === null ? [] : figureLines(figures, inFlight)),
    ...(money.spentUsd + money.reservedUsd === 0
      ? []
      : [`budget: ${dollars(money.spentUsd)} spent, ${dollars(money.reservedUsd)} reserved`]),
    ...Object.entries(stops).map(([id, reason]) => `${id} is stopped: ${reason}`),
    ...(workers.length === 0 && state !== 'ended' ? ['no worker is alive'] : []),
    ...Object.entries(workers.length === 0 ? {} : unserved).map(
      ([id, reason]) => `no worker asks ${id}${reason === '' ? '' : `: ${reason}`}`,
    ),
  ];
  const table = [['worker', 'cells', 'in hand', 'models'], ...workers.map(workerRow)];
  return [...lines.map(escapeTerminal), ...(workers.length === 0 ? [] : [textTable(table, 'lrrl').trimEnd()])];
}

function figureLines(
  { total, done, failed, tokens, costUsd, elapsedMs }: RunFigures,
  inFlight: number,
): readonly string[] {
  const kinds = Object.entries(failed).map(([kind, count]) => `${count} ${kind}`);
  const perMinute = elapsedMs === 0 ? 0 : Math.round((tokens / elapsedMs) * 60_000);
  return [
    [
      `${done} of ${total} cells`,
      `${inFlight} in hand`,
      ...(kinds.length === 0 ? [] : [`failed: ${kinds.join(', ')}`]),
      `${perMinute} tokens a minute`,
      ...(costUsd === 0 ? [] : [dollars(costUsd)]),
      duration(elapsedMs),
    ].join(' · '),
  ];
}

function workerRow({ id, done, inFlight, models }: WorkerInfo): readonly string[] {
  return [id, String(done), String(inFlight), models.join(', ')];
}
