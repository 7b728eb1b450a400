import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeLine } from '../../src/journal/journal-line.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { IS_BUILT, startCommand } from '../helpers/command.ts';
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

/** What was asked since the last call, as `model: prompt`. */
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

async function refused(): Promise<string> {
  const before = snapshot(folder, 'out');
  const { code, stderr } = await folder.run(['run', '--out', 'out']);
  expect(code).toBe(2);
  expect(snapshot(folder, 'out')).toEqual(before);
  expect(newlyAsked()).toEqual([]);
  return stderr;
}

describe('a resume of something else is refused, names what changed, and overwrites nothing', () => {
  beforeEach(async () => {
    await folder.run(['run', '--out', 'out']);
    newlyAsked();
  });

  test.each([
    ['a sample is gone', [rowOf('a'), rowOf('b'), rowOf('d')], ['1 sample removed: "c"']],
    ['samples are new', [...IDS.map(rowOf), rowOf('e'), rowOf('f')], ['2 samples added: "e", "f"']],
    ['a prompt is another', ['a,tell a,echo: say a', ...IDS.slice(1).map(rowOf)], ['1 sample changed: "a"']],
    ['a target is another', [...IDS.slice(0, 3).map(rowOf), 'd,say d,no'], ['1 sample changed: "d"']],
    [
      'one is gone, one new, one another',
      [rowOf('a'), 'b,tell b,b', rowOf('d'), rowOf('e')],
      ['1 sample removed: "c"', '1 sample added: "e"', '1 sample changed: "b"'],
    ],
    ['the order is another', ['b', 'a', 'c', 'd'].map(rowOf), ['2 samples moved to another position: "b", "a"']],
  ])('%s', async (_what, rows, said) => {
    folder.write({ 'manifest.csv': manifestOf(rows) });

    const stderr = await refused();

    for (const line of said) expect(stderr).toContain(`- ${line}\n`);
    expect(stderr.match(/^- /gm)).toHaveLength(said.length);
    expect(stderr).toContain('--resume-changed');
  });

  test.each([
    ['a model is gone', () => configOf({ models: [modelOf('x')] }), ['model "y" removed']],
    ['a model is new', () => configOf({ models: [modelOf('x'), modelOf('y'), modelOf('z')] }), ['model "z" added']],
    [
      'the models change places',
      () => configOf({ models: [modelOf('y'), modelOf('x')] }),
      ['the order of the models changed'],
    ],
    [
      'parameters are others',
      () => configOf({ models: [modelOf('x'), modelOf('y', ', params: {temperature: 0.7, maxTokens: 5}')] }),
      ['model "y": params.temperature was not set, is 0.7', 'model "y": params.maxTokens was not set, is 5'],
    ],
    [
      'system message and template are others',
      () => configOf({ models: [modelOf('x', ', system: Be brief., template: "{{prompt}}!"'), modelOf('y')] }),
      ['model "x": system changed', 'model "x": template changed'],
    ],
    [
      'the media transform and a header are others',
      () =>
        configOf({ models: [modelOf('x', ', media: {image: {maxEdge: 64}}, headers: {x-tier: gold}'), modelOf('y')] }),
      ['model "x": media was not set, is {"image":{"maxEdge":64}}', 'model "x": headers changed'],
    ],
    ['repeat is another', () => configOf({ more: 'scorers: [exact]\nrepeat: 2' }), ['repeat was 1, is 2']],
    ['the scorers are others', () => configOf({ more: 'scorers: [includes]' }), ['scorers changed']],
  ])('%s', async (_what, config, said) => {
    folder.write({ 'earsight.config.yaml': config() });

    const stderr = await refused();

    for (const line of said) expect(stderr).toContain(`- ${line}\n`);
    expect(stderr.match(/^- /gm)).toHaveLength(said.length);
  });

  test('more than ten samples are counted, not named', async () => {
    const many = Array.from({ length: 13 }, (_, index) => rowOf(`n${index}`));
    folder.write({ 'manifest.csv': manifestOf([...IDS.map(rowOf), ...many]) });

    const stderr = await refused();

    expect(stderr).toContain('13 samples added: "n0", ');
    expect(stderr).toContain('"n9" and 3 more\n');
  });

  test('run-time knobs are no change', async () => {
    const knobs = ', limits: {concurrency: 1, retries: 0}, price: {promptPerMillion: 1, completionPerMillion: 1}';
    folder.write({ 'earsight.config.yaml': configOf({ models: [modelOf('x', knobs), modelOf('y')] }) });

    expect((await folder.run(['run', '--out', 'out', '--concurrency', '2'])).code).toBe(0);
    expect(newlyAsked()).toEqual([]);
  });
});

describe('--resume-changed keeps what still fits', () => {
  beforeEach(async () => {
    await folder.run(['run', '--out', 'out']);
    newlyAsked();
  });

  /** Resumes with the change, then runs the same afresh. */
  async function compared() {
    const resumed = await folder.run(['run', '--out', 'out', '--resume-changed']);
    const asked = newlyAsked();
    await folder.run(['run', '--out', 'fresh']);
    newlyAsked();
    return { resumed, asked };
  }

  test('new and changed samples are asked, and the rows are those of a fresh run', async () => {
    folder.write({ 'manifest.csv': manifestOf([rowOf('e'), rowOf('d'), 'a,tell a,echo: tell a', rowOf('b')]) });

    const { resumed, asked } = await compared();

    expect(resumed.code).toBe(0);
    expect(asked).toEqual(['x: say e', 'x: tell a', 'y: say e', 'y: tell a']);
    expect(steadyRows(folder, 'out')).toEqual(steadyRows(folder, 'fresh'));
    expect(readRows(folder, 'out').map(({ sample_id, model }) => `${sample_id} ${model}`)).toEqual(
      ['e', 'd', 'a', 'b'].flatMap((id) => [`${id} x`, `${id} y`]),
    );
  });

  test('a model whose parameters changed is asked again, a new one at all, the other not', async () => {
    const models = [modelOf('z'), modelOf('x', ', params: {temperature: 0}'), modelOf('y')];
    folder.write({ 'earsight.config.yaml': configOf({ models }) });

    const { asked } = await compared();

    expect(asked).toEqual(['x', 'z'].flatMap((model) => IDS.map((id) => `${model}: say ${id}`)));
    expect(steadyRows(folder, 'out')).toEqual(steadyRows(folder, 'fresh'));
  });

  test('another target, other scorers: the kept answers are judged again and nothing is sent', async () => {
    folder.write({
      'manifest.csv': manifestOf(IDS.map((id) => `${id},say ${id},say`)),
      'earsight.config.yaml': configOf({ more: 'scorers: [includes]' }),
    });

    const { asked } = await compared();

    expect(asked).toEqual([]);
    expect(readRows(folder, 'out').every((row) => row['score.includes'] === '1')).toBe(true);
    expect(steadyRows(folder, 'out')).toEqual(steadyRows(folder, 'fresh'));
  });

  test('more repeats: only the new ones are asked', async () => {
    folder.write({ 'earsight.config.yaml': configOf({ more: 'scorers: [exact]\nrepeat: 2' }) });

    const { asked } = await compared();

    expect(asked).toHaveLength(2 * IDS.length);
    expect(steadyRows(folder, 'out')).toEqual(steadyRows(folder, 'fresh'));
  });

  test('when it was interrupted itself, a plain resume finds every kept row again', async () => {
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

  test('a stop on the way leaves every kept answer in the tables', async () => {
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

  test('and once more changed back, the first answers still serve', async () => {
    folder.write({ 'manifest.csv': manifestOf([rowOf('d')]) });
    await folder.run(['run', '--out', 'out', '--resume-changed']);
    folder.write({ 'manifest.csv': MANIFEST });

    const { asked } = await compared();

    expect(asked).toEqual([]);
    expect(steadyRows(folder, 'out')).toEqual(steadyRows(folder, 'fresh'));
  });
});

test('of a run that had not asked everything, samples without a result are not called new', async () => {
  await folder.run(['run', '--out', 'out']);
  newlyAsked();
  const lines = folder.read('out/journal.jsonl').split('\n');
  const firstResult = lines.findIndex((line) => line.includes('"type":"result"'));
  folder.write({ 'out/journal.jsonl': `${lines.slice(0, firstResult + 1).join('\n')}\n` });
  folder.write({ 'manifest.csv': manifestOf([...IDS, 'e'].map(rowOf)) });

  const stderr = await refused();

  expect(stderr).toMatch(/- 4 samples added or not sent before: .*"e"\n/);
});

test('a cell that was skipped for its media is asked once the model is said to take them', async () => {
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
  ])('a file given as %s is refused and kept, also with a price', async (option, said) => {
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
  ])('%s is refused and kept', async (_what, files, said) => {
    folder.write(Object.fromEntries(Object.entries(files).map(([name, content]) => [`out/${name}`, content])));

    const stderr = await refused();

    expect(stderr).toContain(said);
    expect(stderr).not.toContain('this is a bug');
  });

  test('the journal of another run is refused and kept', async () => {
    await folder.run(['run', '--out', 'other', '--limit', '1']);
    newlyAsked();
    folder.write({ 'out/journal.jsonl': folder.read('other/journal.jsonl') });

    expect(await refused()).toContain('- 3 samples added: "b", "c", "d"\n');
  });

  test('a journal with that of another run behind it is refused and kept, and so is its report', async () => {
    await folder.run(['run', '--out', 'out']);
    await folder.run(['run', '--out', 'other', '--limit', '1']);
    newlyAsked();
    folder.write({ 'out/journal.jsonl': folder.read('out/journal.jsonl') + folder.read('other/journal.jsonl') });

    expect(await refused()).toContain('contains lines of another run');
    const { code, stderr } = await folder.run(['report', 'out']);
    expect(code).toBe(2);
    expect(stderr).toContain('contains lines of another run');
  });

  test('a run.json that was cut off is written again under the name that the journal has', async () => {
    await folder.run(['run', '--out', 'out']);
    const { runId } = JSON.parse(folder.read('out/run.json'));
    folder.write({ 'out/run.json': '{"format":"earsight-r' });
    expect((await folder.run(['report', 'out'])).stderr).toContain('contains a damaged run.json');

    await folder.run(['run', '--resume', 'out']);

    expect(JSON.parse(folder.read('out/run.json')).runId).toBe(runId);
  });

  test('a report says what of the journal does not count', async () => {
    await folder.run(['run', '--out', 'out']);
    const lines = folder.read('out/journal.jsonl').split('\n');
    const [gone, bad] = ['"cell":1,', '"cell":2,'].map((cell) => lines.findIndex((line) => line.includes(cell)));
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

  test('the journal of a newer version in an earlier run does not hinder a new one', async () => {
    const models = [modelOf('x', ', price: {promptPerMillion: 1, completionPerMillion: 1}')];
    folder.write({ 'earsight.config.yaml': configOf({ models }) });
    await folder.run(['run', '--out', 'results/old']);
    folder.write({ 'results/old/journal.jsonl': '{"v":9}\n' });

    expect((await folder.run(['run', '--out', 'out'])).code).toBe(0);
  });

  const isRoot = process.getuid?.() === 0;
  test.runIf(isRoot)('a read-only file system is refused', async (context) => {
    const target = join(folder.directory, 'out');
    mkdirSync(target);
    const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', target]);
    if (mounted.status !== 0) context.skip('mount is not allowed here');
    try {
      const { code, stderr } = await folder.run(['run', '--out', 'out']);
      expect(stderr).toContain('read-only file system');
      expect(code).toBe(2);
      expect(newlyAsked()).toEqual([]);
    } finally {
      spawnSync('/bin/umount', [target]);
    }
  });

  test.runIf(IS_BUILT)('a folder without write permission is refused', async (context) => {
    // Root may write everywhere: another user has to try.
    const asNobody = isRoot ? { uid: 65_534 } : {};
    chmodSync(folder.directory, 0o755);
    const reached = await startCommand(folder, ['--version'], asNobody).ended;
    if (reached.code !== 0) context.skip('another user cannot reach the built command here');
    mkdirSync(join(folder.directory, 'out'));
    chmodSync(join(folder.directory, 'out'), 0o555);

    const { code, stderr } = await startCommand(folder, ['run', '--out', 'out'], asNobody).ended;

    expect(stderr).toContain('no permission to write');
    expect(code).toBe(2);
    expect(newlyAsked()).toEqual([]);
  });
});

describe('numbers that make no sense are refused before anything is sent', () => {
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
