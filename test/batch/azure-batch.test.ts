import { beforeAll, expect, test } from 'vitest';
import { type Answerer, outputLine, requestsIn, startVendor } from '../helpers/batch-vendor.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { LOADING_MS, loadBatch } from '../helpers/load-batch.ts';
import { readRows } from '../helpers/tables.ts';

beforeAll(loadBatch, LOADING_MS);

const IO = { env: { KEY: 'azure-key-1234' } };
const AZURE = { azure: true, base: '/openai/v1' };

function folder(models: readonly string[]): Workspace {
  return workspace({
    'manifest.csv': 'id,prompt,target\na,red,red\nb,blue,blue\n',
    'earsight.config.yaml': `dataset: manifest.csv
models:
${models.map((members, index) => `  - {id: m${index}, provider: azure, auth: {type: key, env: KEY}, ${members}}\n`).join('')}scorers: [exact]
reporters: [csv]
`,
  });
}

test('each deployment has a file of its own, without a byte-order mark, whose lines name it', async () => {
  await using vendor = await startVendor(AZURE);
  const endpoint = `endpoint: "${vendor.endpoint.url}/openai/v1"`;
  using files = folder([`${endpoint}, model: gpt-4o-batch`, `${endpoint}, model: gpt-4o-mini-batch`]);

  const { stdout } = await files.run(['batch', 'submit', 'night'], IO);

  const uploaded = [...vendor.files.values()];
  expect(uploaded.map(({ text }) => text.charCodeAt(0))).toEqual([0x7b, 0x7b]);
  expect(uploaded.map((file) => requestsIn(file).map(({ body }) => body['model']))).toEqual([
    ['gpt-4o-batch', 'gpt-4o-batch'],
    ['gpt-4o-mini-batch', 'gpt-4o-mini-batch'],
  ]);
  expect(stdout.match(/batch_\d/g)).toEqual(['batch_1', 'batch_2']);
});

test.each([
  ['/openai/v1', '/openai/v1', ''],
  ['/openai/deployments/gpt-4o-batch', '/openai', '2024-10-21'],
])('a batch at %s belongs to the resource and expires', async (path, base, version) => {
  await using vendor = await startVendor({ ...AZURE, base });
  using files = folder([`endpoint: "${vendor.endpoint.url}${path}", model: gpt-4o-batch`]);

  await files.run(['batch', 'submit', 'night'], IO);

  const [upload, ...rest] = vendor.endpoint.requests;
  expect(upload?.body).toContain('name="expires_after[seconds]"\r\n\r\n1209600');
  expect(upload?.headers['api-key']).toBe('azure-key-1234');
  expect(rest.at(-1)).toMatchObject({
    path: `${base}/batches`,
    json: {
      endpoint: '/chat/completions',
      completion_window: '24h',
      output_expires_after: { anchor: 'created_at', seconds: 1_209_600 },
    },
  });
  expect(rest.at(-1)?.query.get('api-version') ?? '').toBe(version);
  const lines = [...vendor.files.values()].map(({ text }) => JSON.parse(text.split('\n')[0] ?? ''));
  expect(lines).toMatchObject([{ url: '/v1/chat/completions', body: { model: 'gpt-4o-batch' } }]);
});

test('states with a capital letter, times as text, absent counts and an empty error file are understood', async () => {
  await using vendor = await startVendor(AZURE);
  using files = folder([`endpoint: "${vendor.endpoint.url}/openai/v1", model: gpt-4o-batch`]);
  await files.run(['batch', 'submit', 'night'], IO);

  const before = await files.run(['batch', 'status', 'night', '--json'], IO);
  vendor.end();
  const { code } = await files.run(['batch', 'collect', 'night'], IO);

  expect(JSON.parse(before.stdout).batches).toMatchObject([{ status: 'validating', completed: null, failed: null }]);
  expect([...vendor.files.values()].at(-1)).toMatchObject({ filename: 'errors.jsonl', text: '' });
  expect(code).toBe(0);
  expect(readRows(files, 'night').map((row) => row['answer'])).toEqual(['red', 'blue']);
});

test('a file that is still checked is waited for, and one that was rejected is named', async () => {
  let looks = 0;
  await using vendor = await startVendor({
    ...AZURE,
    intercept: (request, when) => {
      if (when === 'before' || request.method !== 'GET' || !request.path.includes('/files/')) return undefined;
      looks += 1;
      return {
        json:
          looks === 1
            ? { id: 'file-1', status: 'Pending' }
            : { id: 'file-1', status: 'Error', error: { message: 'not JSONL' } },
      };
    },
  });
  using files = folder([`endpoint: "${vendor.endpoint.url}/openai/v1", model: gpt-4o-batch`]);

  const { code, stderr } = await files.run(['batch', 'submit', 'night'], IO);

  expect(code).toBe(3);
  expect(looks).toBe(2);
  expect(stderr).toContain('m0: part 0001 was not submitted: the uploaded file was rejected (not JSONL)');
});

test('an output that is torn, has a byte-order mark, other line ends, strangers and twins ends each cell once', async () => {
  const answer: Answerer = (request, index) => {
    const line = JSON.stringify(outputLine(request));
    const stranger = JSON.stringify(outputLine({ ...request, customId: 'stranger' }));
    // The vendor writes its lines in reverse.
    return { line: index === 0 ? `\n${line}\r\n${line}` : `\ufeff${stranger}\r\n${line}\r` };
  };
  await using vendor = await startVendor({ ...AZURE, answer });
  using files = folder([`endpoint: "${vendor.endpoint.url}/openai/v1", model: gpt-4o-batch`]);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.end();
  for (const file of vendor.files.values())
    if (file.filename === 'output.jsonl') vendor.files.set(file.id, { ...file, text: file.text.trimEnd() });

  const collected = await files.run(['batch', 'collect', 'night'], IO);

  expect(collected).toMatchObject({ code: 0 });
  expect(readRows(files, 'night').map((row) => row['answer'])).toEqual(['red', 'blue']);
  expect(files.read('night/journal.jsonl').match(/"type":"result"/g)).toHaveLength(2);
});
