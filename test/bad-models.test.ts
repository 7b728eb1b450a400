import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, type Workspace, workspace } from './helpers/cli.ts';
import { type Endpoint, type Reply, startEndpoint } from './helpers/endpoint.ts';

const SAMPLES = 20;
const IN_FLIGHT = 2;

/** The reply of each model's endpoint to every request; undefined = an answer. */
const REPLIES: Readonly<Record<string, Reply | undefined>> = {
  denied: { status: 401, json: { error: { message: 'no such key' } } },
  broke: { status: 429, json: { error: { message: 'no credit', code: 'insufficient_quota' } } },
  tomorrow: { status: 429, headers: { 'retry-after': '86400' }, json: { error: { message: 'come back' } } },
  hung: { hang: true },
  good: undefined,
};

interface Row {
  readonly model: string;
  readonly status: string;
  readonly failure_kind: string;
}

describe('a run with one good model among bad ones', () => {
  let endpoint: Endpoint;
  let folder: Workspace;
  let outcome: Outcome;
  let rows: readonly Row[];

  beforeAll(async () => {
    endpoint = await startEndpoint(({ path }) => REPLIES[path.split('/')[1] ?? '']);
    const models = Object.keys(REPLIES).map((id) => {
      const limits =
        id === 'hung' ? { concurrency: SAMPLES, timeoutMs: 200, retries: 0 } : { concurrency: IN_FLIGHT, retries: 5 };
      const wire = { provider: 'openai', endpoint: `${endpoint.url}/${id}/v1`, model: 'any', auth: { type: 'none' } };
      return `  - ${JSON.stringify({ id, ...wire, limits })}\n`;
    });
    const lines = Array.from({ length: SAMPLES }, (_, index) => `s${index},question ${index},x\n`);
    folder = workspace({
      'manifest.csv': `id,prompt,target\n${lines.join('')}`,
      'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n${models.join('')}\nscorers: [exact]\n`,
    });
    outcome = await folder.run(['run', '--out', 'out']);
    rows = parse(folder.read('out/results.csv'), { columns: true });
  });
  afterAll(async () => {
    await endpoint.close();
    folder[Symbol.dispose]();
  });

  const requestsOf = (id: string) => endpoint.requests.filter(({ path }) => path.startsWith(`/${id}/`)).length;

  test('the good model completes all its cells, and the run exits with 3', () => {
    expect(rows.filter(({ model, status }) => model === 'good' && status === 'completed')).toHaveLength(SAMPLES);
    expect(outcome.code).toBe(3);
  });

  test.each([
    ['denied', 'auth', 'every further request would fail the same way (no such key)', 'check the key'],
    ['broke', 'rate_limit', 'every further request would fail the same way (no credit)', 'waiting does not help'],
    ['tomorrow', 'rate_limit', 'the endpoint asks to wait 24 h (come back)', 'resume the run later'],
  ])('%s is stopped at once and reported with the reason and a hint', (id, kind, reason, hint) => {
    const kinds = rows.filter(({ model }) => model === id).map(({ failure_kind }) => failure_kind);

    expect(kinds).toEqual(Array(SAMPLES).fill(kind));
    expect(requestsOf(id)).toBeLessThanOrEqual(IN_FLIGHT);
    const [line = ''] = outcome.stderr.split('\n').filter((text) => text.startsWith(`${id}: the model was stopped: `));
    expect(line).toContain(reason);
    expect(line).toContain(hint);
  });

  test('a model that hangs is reported with the reason, and the journal has the state of its breaker', () => {
    const kinds = rows.filter(({ model }) => model === 'hung').map(({ failure_kind }) => failure_kind);

    expect(kinds).toEqual(Array(SAMPLES).fill('timeout'));
    expect(outcome.stderr).toContain(
      `hung: ${SAMPLES} of ${SAMPLES} answers are missing, 100.0 % (${SAMPLES} timeout)`,
    );
    expect(folder.read('out/journal.jsonl')).toContain('"modelId":"hung","type":"breaker","state":"open"');
  });
});
