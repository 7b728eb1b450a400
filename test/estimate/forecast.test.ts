import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { confirmOn } from '../../src/commands/confirm.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';

const EXPENSIVE = 'price: {promptPerMillion: 1000000, completionPerMillion: 0}';

const configOf = (endpoint: Endpoint, member = EXPENSIVE, more = '') => `
dataset: manifest.csv
models:
  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: gpt-4o-clone, auth: {type: none}${member === '' ? '' : `, ${member}`}}
${more}
`;

/** Each costs 8 tokens, so 8 USD. */
const MANIFEST = 'id,prompt\na,Hello\nb,Hello\nc,Hello\n';

function folderFor(endpoint: Endpoint, ...config: readonly string[]): Workspace {
  return workspace({ 'earsight.config.yaml': configOf(endpoint, ...config), 'manifest.csv': MANIFEST });
}

describe('the expected cost', () => {
  test('is one line before anything is sent', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(
      endpoint,
      `${EXPENSIVE}, limits: {requestsPerMinute: 600}`,
      'variants: [{id: a}, {id: b}]',
    );

    const { code, stderr } = await folder.run(['run']);

    expect(code).toBe(0);
    expect(stderr.split('\n')[0]).toBe(
      'expected cost $48.00 ($48.00 to $48.00) · m@a $24.00, m@b $24.00 · 6 requests, 1,248 tokens · <1 min at the configured limits',
    );
  });

  test.each([
    ['nothing has a price and no limit counts tokens', ''],
    ['only requests are limited', 'limits: {requestsPerMinute: 600}'],
  ])('is left out when %s, and so are estimates in the results', async (_what, member) => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint, member);

    const { stderr } = await folder.run(['run', '--out', 'out']);

    expect(stderr).not.toContain('expected cost');
    expect(folder.read('out/summary.csv')).not.toContain('estimate_');
  });

  test('is unpriced when only a token limit needs a forecast', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint, 'limits: {tokensPerMinute: 6000000}');

    const { stderr } = await folder.run(['run']);

    expect(stderr).toMatch(/^expected cost unpriced · 3 requests/);
  });

  test('of a resumed run covers only the missing cells', async () => {
    await using endpoint = await startEndpoint((_, index) =>
      index === 1 ? { status: 400, json: {} } : { json: chatCompletion('ok') },
    );
    using folder = folderFor(endpoint, `${EXPENSIVE}, limits: {concurrency: 1, retries: 0}`);

    await folder.run(['run', '--out', 'out', '--limit', '2']);
    folder.write({ 'manifest.csv': MANIFEST });
    const resumed = await folder.run(['run', '--out', 'out', '--limit', '3', '--resume-changed']);

    expect(resumed.stderr).toMatch(/^expected cost \$8\.00 .* 1 request/m);
  });

  test('of a finished run is not shown again', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint);

    await folder.run(['run', '--out', 'out']);
    const { code, stderr } = await folder.run(['run', '--out', 'out']);

    expect(code).toBe(0);
    expect(stderr).not.toContain('expected cost');
  });

  test('above the budget is reported', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint, `${EXPENSIVE}, params: {maxTokens: 1}`);

    const { stderr } = await folder.run(['run', '--max-cost', '10']);

    expect(stderr).toContain('above the budget of $10.00: the run will stop at the budget');
  });

  test('is silent with --quiet', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint);

    expect(await folder.run(['run', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('media that cannot be used', () => {
  const png = pngBytes();
  const cut = { 'cut.png': png.subarray(0, png.length - 14) };
  const rows = 'id,prompt,image\na,Hello,\nb,Hello,cut.png\nc,Hello,gone.png\n';
  const named = [
    /^manifest\.csv:3:9 "cut\.png" cannot be used: it is cut off/m,
    /^manifest\.csv:4:9 image "gone\.png" does not exist/m,
  ];

  test.each([
    ['with a price', EXPENSIVE, ['run']],
    ['without a price', '', ['run', '--yes']],
    ['by validate', '', ['validate']],
  ])('are reported with all other problems, and nothing is sent: %s', async (_how, member, args) => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint, member);
    folder.write({ 'manifest.csv': rows, ...cut });

    const { code, stderr } = await folder.run(args);

    expect(code).toBe(2);
    for (const line of named) expect(stderr).toMatch(line);
    expect(endpoint.requests).toHaveLength(0);
  });

  test('are not reported when every model skips them', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint, 'modalities: [text]');
    folder.write({ 'manifest.csv': rows.replace('gone.png', ''), ...cut });

    const { code } = await folder.run(['run']);

    expect([code, endpoint.requests.length]).toEqual([0, 2]);
  });
});

describe('the confirmation', () => {
  const asked = (answer: boolean) => {
    const questions: string[] = [];
    const confirm = async (question: string) => {
      questions.push(question);
      return answer;
    };
    return { questions, confirm };
  };

  test('is asked for on a terminal above confirmAbove, and nothing is sent or written after a no', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint);
    const { questions, confirm } = asked(false);

    const { code, stderr } = await folder.run(['run', '--out', 'out'], { confirm });

    expect(questions).toEqual(['send these requests for about $24.00 ($24.00 to $24.00)? [y/N] ']);
    expect([code, endpoint.requests.length]).toEqual([2, 0]);
    expect(stderr).toContain('not started: nothing was sent');
    expect(folder.list()).not.toContain('out/run.json');
  });

  test('with yes starts the run', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint);
    const { questions, confirm } = asked(true);

    const { code } = await folder.run(['run'], { confirm });

    expect([code, questions.length, endpoint.requests.length]).toEqual([0, 1, 3]);
  });

  test.each([
    ['with --yes', ['--yes'], {}, EXPENSIVE, ''],
    ['in CI', [], { env: { CI: 'true' } }, EXPENSIVE, ''],
    ['below the limit', [], {}, EXPENSIVE, 'confirmAbove: 24'],
    ['without a price', [], {}, 'limits: {tokensPerMinute: 6000000}', ''],
  ])('is never asked for %s', async (_what, argv, io, member, more) => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint, member, more);
    const { questions, confirm } = asked(false);

    const { code } = await folder.run(['run', ...argv], { confirm, ...io });

    expect([code, questions, endpoint.requests.length]).toEqual([0, [], 3]);
  });

  test('that a stop interrupts exits with the code of the stop', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor(endpoint);
    const stop = new AbortController();
    const confirm = async () => {
      stop.abort(130);
      return false;
    };

    expect(await folder.run(['run'], { confirm, stop: stop.signal })).toMatchObject({ code: 130 });
  });
});

describe('confirmOn', () => {
  const running = new AbortController().signal;
  const answerTo = async (text: string | null, stop = running) => {
    const [input, written] = [new PassThrough(), [] as string[]];
    const answer = confirmOn(input, { write: (line) => written.push(line) }, stop, 'go? ');
    if (text === null) input.end();
    else input.write(text);
    return { answer: await answer, written };
  };

  test.each([
    ['y\n', true],
    ['Yes\r\n', true],
    ['  YES  \n', true],
    ['\n', false],
    ['n\n', false],
    ['yesterday\n', false],
    [null, false],
  ])('reads %j as %s', async (text, answer) => {
    expect(await answerTo(text)).toEqual({ answer, written: ['go? '] });
  });

  test('reads a stop as no', async () => {
    const stop = new AbortController();
    stop.abort(130);

    expect((await answerTo('', stop.signal)).answer).toBe(false);
  });
});
