import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Outcome } from './helpers/cli.ts';
import { startCommand } from './helpers/command.ts';
import { type Gateway, startGateway } from './helpers/gateway.ts';
import { attemptsIn, openRecorded, RECORDED_RUNS, type RecordedRun, resultsIn } from './helpers/recorded-run.ts';
import { type Row, readRows, snapshot, steadyRows } from './helpers/tables.ts';

/** Failures of these kinds are asked again (docs/results.md, "Resume"). */
const PASSING = /^(timeout|network|rate_limit|server|auth|media|budget|aborted|invalid_response)$/;

describe.each(RECORDED_RUNS)('the recorded run %s', (name) => {
  let run: RecordedRun;
  let gateway: Gateway;
  beforeEach(async () => {
    run = openRecorded(name);
    gateway = await startGateway();
  });
  afterEach(async () => {
    await gateway[Symbol.asyncDispose]();
    run[Symbol.dispose]();
  });

  async function earsight(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome['code']> {
    const whole = { ...env, ...gateway.env };
    const { code, stderr } = run.isBuilt
      ? await startCommand(run.folder, argv, { env: whole }).ended
      : await run.folder.run(argv, { env: whole });
    // Shown when the code is not the expected one.
    if (code === 2 || typeof code !== 'number') throw new Error(stderr);
    return code;
  }

  test('is rendered from its journal, offline and without a variable', async () => {
    const { stdout, code } = await run.folder.run(['report', 'out', '--reporter', 'csv', 'markdown', 'json'], {
      env: gateway.env,
    });

    expect(code).toBe(0);
    expect(run.folder.list('out')).toEqual(expect.arrayContaining(['compare.csv', 'report.json', 'report.md']));
    expect(readRows(run.folder, 'out').map(resultOf).sort()).toEqual(resultsIn(run.folder, 'out'));
    const { models } = JSON.parse(run.folder.read('out/run.json')) as { readonly models: readonly { id: string }[] };
    expect(models.filter(({ id }) => !stdout.includes(id))).toEqual([]);
    expect(gateway.asked()).toEqual([]);
  });

  test('asks for exactly what its journal lacks when it is resumed, and changes nothing that it holds', async () => {
    await run.folder.run(['report', 'out']);
    const kept = readRows(run.folder, 'out').filter((row) => !PASSING.test(row['failure_kind'] ?? ''));
    // The reason of a skipped cell is said anew: it names what the model takes, and that list grows.
    const isSkipped = (row: Row) => row['status'] === 'skipped';
    const held = byCell(
      kept.map((row) => (isSkipped(row) ? without(row, ([name]) => name === 'failure_message') : row)),
    );
    const attempts = attemptsIn(run.folder, 'out');
    const finishedParts = snapshot(run.folder, 'out').filter(([file]) => /^journal\.\d/.test(file));

    const code = await earsight(['run', '--resume', 'out', '--json'], run.withKeys);

    expect(gateway.asked()).toEqual(run.lacks);
    expect(attemptsIn(run.folder, 'out') - attempts).toBe(run.lacks.length);
    expect(byCell(readRows(run.folder, 'out'))).toMatchObject(held);
    expect(snapshot(run.folder, 'out')).toEqual(expect.arrayContaining([...finishedParts]));
    expect(JSON.parse(run.folder.read('out/run.json'))).toMatchObject({ counts: { missing: 0 } });
    expect(code).toBe(run.exitCode);
  });

  test('answers all that it holds when it is replayed, without a request or a key', async () => {
    // As it was scored then: without further sets of scores.
    await run.folder.run(['report', 'out', '--set', 'run']);
    const sent = steadyRows(run.folder, 'out').filter((row) => row['status'] !== 'skipped');
    // A replay prices again and measures clips: a model that had no price then may have one now.
    const isNew = ([name, value]: readonly [string, string]) =>
      ['cost_usd', 'audio_seconds'].includes(name) && value === '';
    const held = byCell(sent.map((row) => without(row, isNew)));

    await earsight(['run', ...run.argv, '--replay', 'out', '--out', 'again'], run.withoutKeys);

    expect(byCell(steadyRows(run.folder, 'again'))).toMatchObject(held);
    expect(attemptsIn(run.folder, 'again')).toBe(0);
    expect(gateway.asked()).toEqual([]);
  });
});

function byCell(rows: readonly Row[]): Readonly<Record<string, Row>> {
  return Object.fromEntries(rows.map((row) => [`${row['sample_id']} ${row['model']} ${row['repeat']}`, row]));
}

function without(row: Row, isDropped: (member: readonly [name: string, value: string]) => boolean): Row {
  return Object.fromEntries(Object.entries(row).filter((member) => !isDropped(member)));
}

function resultOf(row: Row): string {
  const { sample_id, model, repeat, status, failure_kind, answer } = row;
  return `${sample_id} ${model} ${repeat} ${status} ${failure_kind === '' ? answer : failure_kind}`;
}
