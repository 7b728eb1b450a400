import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeLine } from '../../src/journal/journal-line.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { CLI, IS_BUILT, startCommand } from '../helpers/command.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { readRows, snapshot, steadyRows } from '../helpers/tables.ts';

const IDS = ['a', 'b', 'c', 'd'];
const manifestOf = (rows: readonly string[]) => `id,prompt,target\n${rows.map((row) => `${row}\n`).join('')}`;
const rowOf = (id: string) => `${id},say ${id},echo: say ${id}`;
const MANIFEST = manifestOf(IDS.map(rowOf));

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  folder = workspace({ 'manifest.csv': MANIFEST, 'earsight.config.yaml': configOf() });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

interface ConfigParts {
  readonly models?: readonly string[];
  readonly more?: string;
}

function modelOf(id: string, more = ''): string {
  return `{id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: ${id}, auth: {type: none}${more}}`;
}

function configOf({ models = [modelOf('x'), modelOf('y')], more = 'scorers: [exact]' }: ConfigParts = {}): string {
  return `dataset: manifest.csv\nmodels:\n${models.map((model) => `  - ${model}\n`).join('')}${more}\n`;
}

/** The requests since the last call, as `model: prompt`. */
let seen = 0;
beforeEach(() => {
  seen = 0;
});
function newlyAsked(): readonly string[] {
  const bodies = endpoint.requests
    .slice(seen)
    .map(({ json }) => json as { model: string; messages: { content: string }[] });
  seen = endpoint.requests.length;
  return bodies.map(({ model, messages }) => `${model}: ${messages.at(-1)?.content}`).sort();
}

async function rejected(): Promise<string> {
  const before = snapshot(folder, 'out');
  const { code, stderr } = await folder.run(['run', '--out', 'out']);
  expect(code).toBe(2);
  expect(snapshot(folder, 'out')).toEqual(before);
  expect(newlyAsked()).toEqual([]);
  return stderr;
}

describe('a resume of a different run is rejected, names the changes, and overwrites nothing', () => {
  beforeEach(async () => {
    await folder.run(['run', '--out', 'out']);
    newlyAsked();
  });

  test.each([
    ['a removed sample', [rowOf('a'), rowOf('b'), rowOf('d')], ['1 sample removed: "c"']],
    ['new samples', [...IDS.map(rowOf), rowOf('e'), rowOf('f')], ['2 samples added: "e", "f"']],
    ['a changed prompt', ['a,tell a,echo: say a', ...IDS.slice(1).map(rowOf)], ['1 sample changed: "a"']],
    ['a changed target', [...IDS.slice(0, 3).map(rowOf), 'd,say d,no'], ['1 sample changed: "d"']],
    [
      'a removed, a new and a changed sample',
      [rowOf('a'), 'b,tell b,b', rowOf('d'), rowOf('e')],
      ['1 sample removed: "c"', '1 sample added: "e"', '1 sample changed: "b"'],
    ],
    ['another order', ['b', 'a', 'c', 'd'].map(rowOf), ['2 samples moved to another position: "b", "a"']],
  ])('%s', async (_what, rows, said) => {
    folder.write({ 'manifest.csv': manifestOf(rows) });

    const stderr = await rejected();

    for (const line of said) expect(stderr).toContain(`- ${line}\n`);
    expect(stderr.match(/^- /gm)).toHaveLength(said.length);
    expect(stderr).toContain('--resume-changed');
  });

  test.each([
    ['a removed model', () => configOf({ models: [modelOf('x')] }), ['model "y" removed']],
    ['a new model', () => configOf({ models: [modelOf('x'), modelOf('y'), modelOf('z')] }), ['model "z" added']],
    [
      'another order of the models',
      () => configOf({ models: [modelOf('y'), modelOf('x')] }),
      ['the order of the models changed'],
    ],
    [
      'changed parameters',
      () => configOf({ models: [modelOf('x'), modelOf('y', ', params: {temperature: 0.7, maxTokens: 5}')] }),
      ['model "y": params.temperature was not set, is 0.7', 'model "y": params.maxTokens was not set, is 5'],
    ],
    [
      'a changed system message and template',
      () => configOf({ models: [modelOf('x', ', system: Be brief., template: "{{prompt}}!"'), modelOf('y')] }),
      ['model "x": system changed', 'model "x": template changed'],
    ],
    [
      'a changed media transform and header',
      () =>
        configOf({ models: [modelOf('x', ', media: {image: {maxEdge: 64}}, headers: {x-tier: gold}'), modelOf('y')] }),
      ['model "x": media was not set, is {"image":{"maxEdge":64}}', 'model "x": headers changed'],
    ],
    ['another repeat', () => configOf({ more: 'scorers: [exact]\nrepeat: 2' }), ['repeat was 1, is 2']],
    ['other scorers', () => configOf({ more: 'scorers: [includes]' }), ['scorers changed']],
  ])('%s', async (_what, config, said) => {
    folder.write({ 'earsight.config.yaml': config() });

    const stderr = await rejected();

    for (const line of said) expect(stderr).toContain(`- ${line}\n`);
    expect(stderr.match(/^- /gm)).toHaveLength(said.length);
  });

  test('more than ten samples are counted, not named', async () => {
    const many = Array.from({ length: 13 }, (_, index) => rowOf(`n${index}`));
    folder.write({ 'manifest.csv': manifestOf([...IDS.map(rowOf), ...many]) });

    const stderr = await rejected();

    expect(stderr).toContain('13 samples added: "n0", ');
    expect(stderr).toContain('"n9" and 3 more\n');
  });

  test('settings that only change the pace are not a change', async () => {
    const knobs = ', limits: {concurrency: 1, retries: 0}, price: {promptPerMillion: 1, completionPerMillion: 1}';
    folder.write({ 'earsight.config.yaml': configOf({ models: [modelOf('x', knobs), modelOf('y')] }) });

    expect((await folder.run(['run', '--out', 'out', '--concurrency', '2'])).code).toBe(0);
    expect(newlyAsked()).toEqual([]);
  });
});

describe('--resume-changed keeps the results of unchanged cells', () => {
  beforeEach(async () => {
    await folder.run(['run', '--out', 'out']);
    newlyAsked();
  });

  /** Resumes with the change, then runs the same in a new folder. */
  async function compared() {
    const resumed = await folder.run(['run', '--out', 'out', '--resume-changed']);
    const asked = newlyAsked();
    await folder.run(['run', '--out', 'fresh']);
    newlyAsked();
    return { resumed, asked };
  }

  test('new and changed samples are sent, and the rows are those of a new run', async () => {
    folder.write({ 'manifest.csv': manifestOf([rowOf('e'), rowOf('d'), 'a,tell a,echo: tell a', rowOf('b')]) });

    const { resumed, asked } = await compared();

    expect(resumed.code).toBe(0);
    expect(asked).toEqual(['x: say e', 'x: tell a', 'y: say e', 'y: tell a']);
    expect(steadyRows(folder, 'out')).toEqual(steadyRows(folder, 'fresh'));
    expect(readRows(folder, 'out').map(({ sample_id, model }) => `${sample_id} ${model}`)).toEqual(
      ['e', 'd', 'a', 'b'].flatMap((id) => [`${id} x`, `${id} y`]),
    );
  });

  test('models that are new or have other parameters are sent again, unchanged ones are not', async () => {
    const models = [modelOf('z'), modelOf('x', ', params: {temperature: 0}'), modelOf('y')];
    folder.write({ 'earsight.config.yaml': configOf({ models }) });

    const { asked } = await compared();

    expect(asked).toEqual(['x', 'z'].flatMap((model) => IDS.map((id) => `${model}: say ${id}`)));
    expect(steadyRows(folder, 'out')).toEqual(steadyRows(folder, 'fresh'));
  });

  test('with another target or other scorers, the kept answers are scored again and nothing is sent', async () => {
    folder.write({
      'manifest.csv': manifestOf(IDS.map((id) => `${id},say ${id},say`)),
      'earsight.config.yaml': configOf({ more: 'scorers: [includes]' }),
    });

    const { asked } = await compared();

    expect(asked).toEqual([]);
    expect(readRows(folder, 'out').every((row) => row['score.includes'] === '1')).toBe(true);
    expect(steadyRows(folder, 'out')).toEqual(steadyRows(folder, 'fresh'));
  });

  test('with more repeats, only the new ones are sent', async () => {
    folder.write({ 'earsight.config.yaml': configOf({ more: 'scorers: [exact]\nrepeat: 2' }) });

    const { asked } = await compared();

    expect(asked).toHaveLength(2 * IDS.length);
    expect(steadyRows(folder, 'out')).toEqual(steadyRows(folder, 'fresh'));
  });

  test('after an interruption of the resumed run, a plain resume finds every kept row again', async () => {
    folder.write({ 'manifest.csv': manifestOf([rowOf('e'), ...IDS.map(rowOf)]) });
    await folder.run(['run', '--out', 'out', '--resume-changed']);
    newlyAsked();
    const lines = folder.read('out/journal.jsonl').split('\n');
    const rebase = lines.findIndex((line) => line.includes('"type":"rebase"'));
    folder.write({ 'out/journal.jsonl': `${lines.slice(0, rebase + 3).join('\n')}\n` });

    const { code } = await folder.run(['run', '--resume', 'out']);

    expect(code).toBe(0);
    expect(newlyAsked().every((asked) => asked.endsWith(': say e'))).toBe(true);
    expect(readRows(folder, 'out')).toHaveLength(2 * 5);
    expect(new Set(readRows(folder, 'out').map((row) => row['status']))).toEqual(new Set(['completed']));
  });

  test('a stop leaves every kept answer in the tables', async () => {
    folder.write({ 'manifest.csv': manifestOf(['a,tell a,echo: tell a', ...IDS.slice(1).map(rowOf)]) });
    const stop = new AbortController();
    endpoint.script(() => {
      stop.abort(130);
      return { status: 500 };
    });

    const { code } = await folder.run(['run', '--out', 'out', '--resume-changed'], { stop: stop.signal });

    expect(code).toBe(130);
    const rows = readRows(folder, 'out').filter(({ status }) => status === 'completed');
    expect(rows.map(({ sample_id, model }) => `${sample_id} ${model}`)).toEqual(
      IDS.slice(1).flatMap((id) => [`${id} x`, `${id} y`]),
    );
  });

  test('after the change is undone, the first answers are used again', async () => {
    folder.write({ 'manifest.csv': manifestOf([rowOf('d')]) });
    await folder.run(['run', '--out', 'out', '--resume-changed']);
    folder.write({ 'manifest.csv': MANIFEST });

    const { asked } = await compared();

    expect(asked).toEqual([]);
    expect(steadyRows(folder, 'out')).toEqual(steadyRows(folder, 'fresh'));
  });
});

test('samples without a result in an incomplete run are not called new', async () => {
  await folder.run(['run', '--out', 'out']);
  newlyAsked();
  const lines = folder.read('out/journal.jsonl').split('\n');
  const firstResult = lines.findIndex((line) => line.includes('"type":"result"'));
  folder.write({ 'out/journal.jsonl': `${lines.slice(0, firstResult + 1).join('\n')}\n` });
  folder.write({ 'manifest.csv': manifestOf([...IDS, 'e'].map(rowOf)) });

  const stderr = await rejected();

  expect(stderr).toMatch(/- 4 samples added or not sent before: .*"e"\n/);
});

test('a cell that was skipped for its media runs once the configuration says that the model supports them', async () => {
  folder.write({
    'manifest.csv': 'id,prompt,image\na,look,a.png\nb,read,\n',
    'a.png': pngBytes({ width: 8, height: 8 }),
    'earsight.config.yaml': configOf({ models: [modelOf('x', ', modalities: [text]')] }),
  });
  await folder.run(['run', '--out', 'out']);
  folder.write({ 'earsight.config.yaml': configOf({ models: [modelOf('x', ', modalities: [text, image]')] }) });

  await folder.run(['run', '--resume', 'out']);

  expect(endpoint.requests).toHaveLength(2);
  expect(readRows(folder, 'out').map(({ status }) => status)).toEqual(['completed', 'completed']);
});

describe('a folder that cannot be used', () => {
  test.each([
    ['--out', 'cannot be used as a results folder (it is a file)'],
    ['--resume', 'contains no run to resume'],
  ])('a file given as %s is rejected and kept, also with a price', async (option, said) => {
    const models = [modelOf('x', ', price: {promptPerMillion: 1, completionPerMillion: 1}')];
    folder.write({ out: 'mine', 'earsight.config.yaml': configOf({ models }) });

    const { code, stderr } = await folder.run(['run', option, 'out']);

    expect(stderr).toContain(said);
    expect(code).toBe(2);
    expect(folder.read('out')).toBe('mine');
    expect(newlyAsked()).toEqual([]);
  });

  const header = { format: 'earsight-journal', version: 2, runId: 'r', runIdentity: {} };
  test.each([
    [
      'a journal of a newer version',
      { 'journal.jsonl': encodeLine(0, { type: 'header', data: header as never }) },
      'was written by another version',
    ],
    [
      'a journal whose lines look different',
      { 'journal.jsonl': '{"v":9,"line":"one"}\n{"v":9,"line":"two"}\n' },
      'is not a journal that this version',
    ],
    ['a file of that name without a line end', { 'journal.jsonl': 'my diary' }, 'is not a journal that this version'],
    [
      'a run.json of a newer version',
      { 'run.json': '{"format":"earsight-run","formatVersion":2}' },
      'is not a run.json of this version',
    ],
    [
      'a run.json without its members',
      { 'run.json': '{"format":"earsight-run","formatVersion":1}' },
      'is not a run.json of this version of earsight (see runId)',
    ],
  ])('%s is rejected and kept', async (_what, files, said) => {
    folder.write(Object.fromEntries(Object.entries(files).map(([name, content]) => [`out/${name}`, content])));

    const stderr = await rejected();

    expect(stderr).toContain(said);
    expect(stderr).not.toContain('this is a bug');
  });

  test('the journal of another run is rejected and kept', async () => {
    await folder.run(['run', '--out', 'other', '--limit', '1']);
    newlyAsked();
    folder.write({ 'out/journal.jsonl': folder.read('other/journal.jsonl') });

    expect(await rejected()).toContain('- 3 samples added: "b", "c", "d"\n');
  });

  test('a journal followed by lines of another run is rejected and kept, and so is its report', async () => {
    await folder.run(['run', '--out', 'out']);
    await folder.run(['run', '--out', 'other', '--limit', '1']);
    newlyAsked();
    folder.write({ 'out/journal.jsonl': folder.read('out/journal.jsonl') + folder.read('other/journal.jsonl') });

    expect(await rejected()).toContain('contains lines of another run');
    const { code, stderr } = await folder.run(['report', 'out']);
    expect(code).toBe(2);
    expect(stderr).toContain('contains lines of another run');
  });

  test('a damaged run.json is written again with the run id of the journal', async () => {
    await folder.run(['run', '--out', 'out']);
    const { runId } = JSON.parse(folder.read('out/run.json'));
    folder.write({ 'out/run.json': '{"format":"earsight-r' });
    expect((await folder.run(['report', 'out'])).stderr).toContain('contains a damaged run.json');

    await folder.run(['run', '--resume', 'out']);

    expect(JSON.parse(folder.read('out/run.json')).runId).toBe(runId);
  });

  test('a report names the ignored lines of the journal', async () => {
    await folder.run(['run', '--out', 'out']);
    const lines = folder.read('out/journal.jsonl').split('\n');
    const lineOf = (cell: number) => lines.findIndex((line) => line.includes(`"cell":${cell},`));
    const gone = lineOf(1);
    const bad = lineOf(2);
    const damaged = lines.map((line, index) => (index === bad ? line.replace('say', 'sag') : line));
    folder.write({ 'out/journal.jsonl': `${damaged.filter((_, index) => index !== gone).join('\n')}{"crc":"1` });

    const { code, stderr } = await folder.run(['report', 'out']);

    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: journal\.jsonl:\d+ is damaged and is ignored$/m);
    expect(stderr).toContain('warning: 1 journal lines are missing\n');
    expect(stderr).toContain(
      'warning: the journal ends with 9 bytes of damaged or incomplete lines, which are ignored\n',
    );
  });

  test('the journal of a newer version in an earlier run does not affect a new run', async () => {
    const models = [modelOf('x', ', price: {promptPerMillion: 1, completionPerMillion: 1}')];
    folder.write({ 'earsight.config.yaml': configOf({ models }) });
    await folder.run(['run', '--out', 'results/old']);
    folder.write({ 'results/old/journal.jsonl': '{"v":9}\n' });

    expect((await folder.run(['run', '--out', 'out'])).code).toBe(0);
  });

  const isRoot = process.getuid?.() === 0;
  test.runIf(isRoot)('a read-only file system is rejected', async (context) => {
    const target = join(folder.directory, 'out');
    mkdirSync(target);
    const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', target]);
    if (mounted.status !== 0) context.skip(`a read-only file system cannot be mounted here: ${mounted.stderr}`);
    try {
      const { code, stderr } = await folder.run(['run', '--out', 'out']);
      expect(stderr).toContain('read-only file system');
      expect(code).toBe(2);
      expect(newlyAsked()).toEqual([]);
    } finally {
      spawnSync('/bin/umount', [target]);
    }
  });

  test.runIf(IS_BUILT)('a folder without write permission is rejected', async (context) => {
    // Root may write everywhere: run as another user.
    const asNobody = isRoot ? { uid: 65_534 } : {};
    chmodSync(folder.directory, 0o755);
    // Asked of the system, not of the command: one that fails for another reason must fail this test.
    const closed = [process.execPath, CLI].filter((path) => {
      const user = isRoot ? { ...asNobody, gid: asNobody.uid } : {};
      return spawnSync('/bin/sh', ['-c', '[ -r "$1" ]', 'sh', path], user).status !== 0;
    });
    if (closed.length > 0) context.skip(`another user may not read ${closed.join(' and ')}`);
    mkdirSync(join(folder.directory, 'out'));
    chmodSync(join(folder.directory, 'out'), 0o555);

    const { code, stderr } = await startCommand(folder, ['run', '--out', 'out'], asNobody).ended;

    expect(stderr).toContain('no permission to write');
    expect(code).toBe(2);
    expect(newlyAsked()).toEqual([]);
  });
});

describe('invalid numbers are rejected before anything is sent', () => {
  test.each([
    ['concurrency: 0'],
    ['concurrency: -1'],
    ['concurrency: .nan'],
    ['concurrency: 1.5'],
    ['requestsPerMinute: 0'],
    ['requestsPerMinute: -5'],
    ['requestsPerMinute: .nan'],
    ['requestsPerMinute: .inf'],
    ['tokensPerMinute: 0'],
    ['tokensPerMinute: .nan'],
    ['timeoutMs: 0'],
    ['timeoutMs: .nan'],
    ['deadlineMs: -1'],
    ['retries: -1'],
    ['retries: .nan'],
  ])('limits: {%s}', async (limit) => {
    folder.write({ 'earsight.config.yaml': configOf({ models: [modelOf('x', `, limits: {${limit}}`)] }) });

    const { code, stderr } = await folder.run(['run', '--out', 'out']);

    expect(stderr).toContain(`earsight.config.yaml:3:`);
    expect(stderr).toContain(limit.split(':')[0]);
    expect(code).toBe(2);
    expect(folder.list()).not.toContain('out/journal.jsonl');
    expect(newlyAsked()).toEqual([]);
  });

  test.each([
    ['--concurrency', '0'],
    ['--concurrency', '-1'],
    ['--concurrency', 'NaN'],
    ['--concurrency', '1.5'],
    ['--max-cost', '0'],
    ['--max-cost', 'NaN'],
    ['--limit', '0'],
    ['--limit', 'NaN'],
    ['--repeat', '0'],
  ])('%s %s', async (option, value) => {
    const { code, stderr } = await folder.run(['run', '--out', 'out', `${option}=${value}`]);

    expect(stderr).toContain(option);
    expect(code).toBe(2);
    expect(folder.list()).not.toContain('out/journal.jsonl');
    expect(newlyAsked()).toEqual([]);
  });
});

test('--resume latest continues the run that was written last', async () => {
  folder.write({ 'manifest.csv': manifestOf(['a', 'b'].map(rowOf)) });
  await folder.run(['run', '--sample', 'a', '--quiet', '--yes']);
  const [journal] = folder.list('results').filter((name) => name.endsWith('journal.jsonl'));
  const before = newlyAsked().length;

  const again = await folder.run(['run', '--resume', 'latest', '--sample', 'b', '--resume-changed']);

  expect(before).toBe(2);
  expect(again.code).toBe(0);
  expect(newlyAsked()).toEqual(['x: say b', 'y: say b']);
  expect(folder.list('results').filter((name) => name.endsWith('journal.jsonl'))).toEqual([journal]);
});

test('--resume latest without a run says so', async () => {
  const { code, stderr } = await folder.run(['run', '--resume', 'latest']);

  expect([code, stderr]).toEqual([2, 'results contains no run · start one with earsight run\n']);
});
