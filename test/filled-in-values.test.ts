// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are what is tested
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Workspace, workspace } from './helpers/cli.ts';
import { type CapturedRequest, chatCompletion, type Endpoint, type Reply, startEndpoint } from './helpers/endpoint.ts';

const VALUES = {
  TENANT: 'tenant-4711-blue',
  QUERY: 'query/val+8812',
  TEAM: 'team "north" 5',
  DEEP: 'deep-value-99',
  PIN: 'p7q9',
};

const jsonEscaped = (text: string) =>
  [...text].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const base64 = (text: string) => Buffer.from(text).toString('base64');

const DISGUISES = [
  ['as it is', (value: string) => value],
  ['escaped for JSON once more', jsonEscaped],
  ['escaped for JSON twice more', (value: string) => jsonEscaped(value).replaceAll('\\', '\\\\')],
  ['with escaped slashes', (value: string) => JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/')],
  ['percent-encoded', (value: string) => encodeURIComponent(value)],
  ['percent-encoded twice', (value: string) => encodeURIComponent(encodeURIComponent(value))],
  ['in base64', base64],
  ['in base64 for a URL', (value: string) => Buffer.from(value).toString('base64url')],
  ['in base64 after another text', (value: string) => base64(`x:${value}`)],
  ['as HTML entities', (value: string) => [...value].map((c) => `&#${c.charCodeAt(0)};`).join('')],
] as const;

describe('values that ${NAME} was replaced by', () => {
  let folder: Workspace;
  let endpoint: Endpoint;

  beforeEach(async () => {
    endpoint = await startEndpoint();
    folder = workspace({ 'manifest.csv': 'id,prompt\na,Hello\nb,Fail\n', 'c.yaml': configuration() });
  });
  afterEach(async () => {
    await endpoint.close();
    folder[Symbol.dispose]();
  });

  function configuration(): string {
    return JSON.stringify({
      dataset: 'manifest.csv',
      models: [
        {
          id: 'm',
          provider: 'openai',
          model: 'model-${TENANT}',
          endpoint: `${endpoint.url}/\${TENANT}/v1?part=\${QUERY}`,
          auth: { type: 'none' },
          headers: { 'x-team': '${TEAM}' },
          extraBody: { user: [{ name: 'u-${DEEP}' }, '${PIN}'] },
          limits: { retries: 0 },
        },
      ],
      reporters: ['csv', 'markdown', 'json'],
    });
  }

  const run = (env: Readonly<Record<string, string>>, ...argv: readonly string[]) =>
    folder.run(['run', 'c.yaml', ...argv], { env });
  const written = () =>
    folder
      .list('out')
      .map((name) => folder.read(`out/${name}`))
      .join('\n');

  test.each(DISGUISES)(
    'are in no file and on no terminal when the endpoint sends them back %s',
    async (_, disguise) => {
      endpoint.script((request) => echo(request, Object.values(VALUES).map(disguise).join(' ; ')));

      const { stdout, stderr } = await run(VALUES, '--out', 'out', '--trace', 'out/trace.jsonl');

      const everything = [written(), stdout, stderr].join('\n');
      for (const value of Object.values(VALUES))
        for (const [, other] of DISGUISES) expect(everything).not.toContain(other(value));
      expect(everything).toContain('${TENANT}');
      expect(folder.read('out/results.csv')).toContain('completed');
      expect(folder.read('out/results.csv')).toContain('failed');
    },
  );

  test('are hidden in an answer whose events split them', async () => {
    folder.write({ 'c.yaml': configuration().replace('"auth"', '"stream":true,"auth"') });
    const event = (delta: unknown, reason: string | null = null) =>
      `data: ${JSON.stringify({ model: 'm', choices: [{ delta, finish_reason: reason }] })}\n\n`;
    endpoint.script(() => ({
      headers: { 'content-type': 'text/event-stream' },
      chunks: [
        event({ content: 'It is tenant-47', reasoning_content: 'think tenant-4711' }),
        event({ content: '11-blue.', reasoning_content: '-blue' }),
        event({}, 'stop'),
        'data: [DONE]\n\n',
      ],
    }));

    await run(VALUES, '--out', 'out');

    expect(folder.read('out/results.csv')).toContain('It is ${TENANT}.');
    expect(written()).not.toContain(VALUES.TENANT);
  });

  test('are hidden in a long error message before it is cut', async () => {
    endpoint.script(() => ({ status: 400, json: { error: { message: `${'x '.repeat(244)}${VALUES.TENANT}` } } }));

    await run(VALUES, '--out', 'out');

    expect(written()).not.toContain('tenant-4');
  });

  test('are a different run when they differ, and the change is named without them', async () => {
    await run(VALUES, '--out', 'out');

    const same = await run(VALUES, '--out', 'out');
    const other = await run({ ...VALUES, TENANT: 'tenant-0815-red' }, '--out', 'out');
    const deep = await run({ ...VALUES, DEEP: 'deep-value-98' }, '--out', 'out');

    expect(same.code).toBe(0);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('model "m": url changed');
    expect(other.stderr).not.toMatch(/tenant-(4711|0815)/);
    expect(deep.stderr).toContain('model "m": extraBody changed');
    expect(endpoint.requests).toHaveLength(2);
  });

  test('are shown by no other command', async () => {
    endpoint.script((request) => echo(request, VALUES.TENANT));
    const outcomes = [
      await folder.run(['probe', 'c.yaml'], { env: VALUES }),
      await folder.run(['probe', 'c.yaml', '--json'], { env: VALUES }),
      await folder.run(['validate', 'c.yaml'], { env: VALUES }),
      await folder.run(['estimate', 'c.yaml', '--json'], { env: VALUES }),
    ];

    const shown = outcomes.map(({ stdout, stderr }) => `${stdout}${stderr}`).join('\n');
    expect(shown).not.toContain(VALUES.TENANT);
    expect(shown).toContain('${TENANT}');
  });

  test('are rejected in names, which every report shows', async () => {
    folder.write({ 'c.yaml': configuration().replace('"id":"m"', '"id":"m-${TENANT}"') });

    const { code, stderr } = await run(VALUES, '--out', 'out');

    expect(code).toBe(2);
    expect(stderr).toContain('models[0].id contains a reference to an environment variable');
    expect(stderr).not.toContain(VALUES.TENANT);
  });
});

/** Sends the text in each part of a reply; fails for the prompt `Fail`. */
function echo(request: CapturedRequest, text: string): Reply {
  if (request.body.includes('Fail'))
    return { status: 400, json: { error: { message: `bad ${text}`, code: text } }, headers: { 'x-request-id': text } };
  return {
    json: chatCompletion(`answer ${text}`, {
      id: text,
      model: text,
      usage: { prompt_tokens: 1, note: { [text]: text } },
    }),
    headers: { 'x-request-id': text },
  };
}
