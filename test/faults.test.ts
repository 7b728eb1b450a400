import { crc32 } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, type Workspace, workspace } from './helpers/cli.ts';
import { IS_BUILT, startCommand } from './helpers/command.ts';
import { ANSWER, FAULTS, type Fault, goodReply, redirectTo } from './helpers/faults.ts';
import { type RawEndpoint, type RawRequest, startRawEndpoint } from './helpers/raw-endpoint.ts';

const KEY = 'k-9d41f0aa27c64be5';
const RETRIES = 1;

interface Row {
  readonly sample_id: string;
  readonly model: string;
  readonly status: string;
  readonly failure_kind: string;
  readonly answer: string;
  readonly score: string;
  readonly prompt_tokens: string;
  readonly attempts: string;
}

const rowsIn = (folder: Workspace): readonly Row[] => parse(folder.read('out/results.csv'), { columns: true });
/** The failure's kind, or `completed`. */
const kindOf = ({ status, failure_kind }: Row) => (status === 'failed' ? failure_kind : status);

function modelLine(id: string, endpoint: string, more: object = {}): string {
  return `  - ${JSON.stringify({
    id,
    provider: 'openai',
    endpoint,
    model: 'any',
    auth: { type: 'key', env: 'FAULT_KEY' },
    ...more,
  })}`;
}

const configOf = (models: readonly string[]) =>
  `dataset: manifest.csv\nmodels:\n${models.join('\n')}\nscorers: [exact]\nreporters: [csv, markdown, json]\n`;

/** What one model meets: the fault at every request, or at the first alone. */
interface Case {
  readonly id: string;
  readonly fault: Fault;
  readonly once: boolean;
}

function settingsOf({ fault, once }: Case): object {
  return {
    limits: {
      retries: RETRIES,
      ...(fault.kind === 'timeout' ? { timeoutMs: 2500 } : {}),
      // Refusals are asked again until the deadline.
      ...(fault.kind === 'rate_limit' && !once ? { deadlineMs: 300 } : {}),
    },
    ...(fault.stream === undefined ? {} : { stream: true }),
    // More than a socket's buffers hold: the reset meets a request that is still being sent.
    ...(fault.name === 'a reset before the request is whole' ? { system: 'x'.repeat(1_500_000) } : {}),
  };
}

describe('a run in which each model meets a fault of the wire', () => {
  const cases = [...FAULTS, redirectTo('')].flatMap((fault, index): readonly Case[] => [
    ...(fault.again === undefined ? [] : [{ id: `once-${index}`, fault, once: true }]),
    { id: `always-${index}`, fault, once: false },
  ]);
  let [elsewhere, endpoint, plain]: RawEndpoint[] = [];
  let folder: Workspace;
  let outcome: Outcome;
  let rows: ReadonlyMap<string, Row>;

  /** When each request came, by model, ms. */
  const arrivals = new Map<string, number[]>();
  const requestsOf = (id: string) => endpoint?.requests.filter(({ path }) => path.startsWith(`/${id}/`)).length ?? 0;
  const row = (id: string): Row => {
    const found = rows.get(id);
    if (found === undefined) throw new Error(`${id} has no row`);
    return found;
  };

  beforeAll(async () => {
    elsewhere = await startRawEndpoint(() => goodReply(false));
    plain = await startRawEndpoint(() => ({ bytes: ['HTTP/1.1 400 Bad Request\r\n\r\n'], ending: 'close' }));
    const gone = await startRawEndpoint(() => ({}));
    await gone[Symbol.asyncDispose]();
    const redirect = redirectTo(`http://${elsewhere.host}/v1/chat/completions`);
    const reply = async (request: RawRequest) => {
      const found = cases.find(({ id }) => request.path.startsWith(`/${id}/`));
      if (found === undefined) throw new Error(`nobody asks ${request.path}`);
      const { id, fault, once } = found;
      arrivals.set(id, [...(arrivals.get(id) ?? []), performance.now()]);
      if (!once || requestsOf(id) === 1) return (fault.name === redirect.name ? redirect : fault).reply(request);
      await request.body;
      return goodReply(fault.stream === true);
    };
    endpoint = await startRawEndpoint(reply);
    const { host } = endpoint;
    folder = workspace({
      'manifest.csv': 'id,prompt,target\nonly,Wie heißt es?,es\n',
      'earsight.config.yaml': configOf([
        ...cases.map((each) => modelLine(each.id, `http://${host}/${each.id}/v1`, settingsOf(each))),
        modelLine('no-tls', `https://${plain.host}/v1`),
        modelLine('nobody', `http://${gone.host}/v1`, { limits: { retries: RETRIES } }),
      ]),
    });
    outcome = await folder.run(['run', '--out', 'out', '--trace', 'trace.jsonl'], { env: { FAULT_KEY: KEY } });
    rows = new Map(rowsIn(folder).map((row) => [row.model, row]));
  }, 60_000);
  afterAll(async () => {
    await Promise.all([elsewhere, endpoint, plain].map((server) => server?.[Symbol.asyncDispose]()));
    folder[Symbol.dispose]();
  });

  const transient = cases.filter(({ once }) => once).map((each) => [each.fault.name, each] as const);

  test.each(transient)('%s, then an answer: it is asked again', (_name, { id, fault }) => {
    const { answer, attempts } = row(id);
    const [first = 0, second = 0] = arrivals.get(id) ?? [];

    expect([answer, attempts, requestsOf(id)]).toEqual([ANSWER, '2', 2]);
    // The head of an HTTP date and its timers have whole milliseconds.
    expect(second - first).toBeGreaterThanOrEqual((fault.hintMs ?? 0) - 1);
  });

  const lasting = cases.filter(({ once }) => !once);
  const told = (each: Case) => [each.fault.name, each.fault.kind, each] as const;

  test.each(lasting.filter(({ fault }) => fault.kind !== 'completed').map(told))(
    '%s and nothing else: failed, %s',
    (_name, kind, { id, fault }) => {
      const { status, failure_kind, answer, score, attempts } = row(id);

      expect([status, failure_kind, answer, score]).toEqual(['failed', kind, '', '']);
      expect(Number(attempts)).toBe(requestsOf(id));
      if (fault.again === undefined) expect(attempts).toBe('1');
      else if (kind !== 'rate_limit') expect(attempts).toBe(String(1 + RETRIES));
    },
  );

  test.each(lasting.filter(({ fault }) => fault.kind === 'completed').map(told))(
    '%s is no fault of the answer: %s',
    (_name, kind, { id, fault }) => {
      const found = row(id);

      expect([kindOf(found), found.answer, found.attempts]).toEqual([kind, fault.answer ?? ANSWER, '1']);
    },
  );

  test('missing usage is no zero', () => {
    const [noUsage] = lasting.filter(({ fault }) => fault.name === 'no usage');

    expect(row(noUsage?.id ?? '').prompt_tokens).toBe('');
  });

  test('a server that speaks plain text where TLS is due is asked once', () => {
    expect([kindOf(row('no-tls')), row('no-tls').attempts, plain?.requests.length]).toEqual(['network', '1', 1]);
  });

  test('where nothing listens is asked again', () => {
    expect([kindOf(row('nobody')), row('nobody').attempts]).toEqual(['network', String(1 + RETRIES)]);
  });

  test('nothing follows a redirect', () => {
    expect(elsewhere?.requests).toHaveLength(0);
  });

  test('whatever ends a model is told with its reason, and the run could not be judged', () => {
    const ended = lasting.filter(({ fault }) => fault.ends === true);

    expect(outcome.code).toBe(3);
    expect(ended.length).toBeGreaterThan(3);
    for (const { id } of ended) expect(outcome.stderr).toContain(`${id}: the model was stopped: `);
  });

  test('the key was sent, and stands in nothing that was written or printed', () => {
    const written = [...folder.list('out').map((name) => `out/${name}`), 'trace.jsonl'].map(folder.read);

    expect(endpoint?.requests.every(({ head }) => head.includes(KEY))).toBe(true);
    expect(written.length).toBeGreaterThan(6);
    for (const text of [...written, outcome.stdout, outcome.stderr]) expect(text).not.toContain(KEY);
  });
});

/** [0, 1), the same for the same text. */
const chance = (text: string) => crc32(text) / 2 ** 32;

test.skipIf(!IS_BUILT)(
  'a run with every fault mixed in at 30 % ends each cell rightly, and then ends by itself',
  async () => {
    const samples = 160;
    const mixed = FAULTS.filter(({ ends }) => ends === undefined);
    const faultsFor = { plain: mixed.filter(({ stream }) => stream === undefined), streamed: mixed };
    /** What each cell was sent, by model and sample. */
    const sent = new Map<string, readonly (Fault | null)[]>();
    let faulty = 0;
    await using endpoint = await startRawEndpoint(async (request) => {
      const model = request.path.startsWith('/streamed/') ? 'streamed' : 'plain';
      const cell = `${model} ${/sample \d+/.exec(await request.body)?.[0]}`;
      const earlier = sent.get(cell) ?? [];
      const isFault = chance(`${cell} ${earlier.length}`) < 0.3;
      const fault = isFault ? (faultsFor[model][faulty++ % faultsFor[model].length] ?? null) : null;
      sent.set(cell, [...earlier, fault]);
      return fault === null ? goodReply(model === 'streamed') : fault.reply(request);
    });
    const lines = Array.from({ length: samples }, (_, index) => `s${index},sample ${index},es\n`);
    const limits = { retries: 3, timeoutMs: 2500, concurrency: 32 };
    using folder = workspace({
      'manifest.csv': `id,prompt,target\n${lines.join('')}`,
      'earsight.config.yaml': configOf(
        ['plain', 'streamed'].map((id) =>
          modelLine(id, `http://${endpoint.host}/${id}/v1`, { limits, stream: id === 'streamed' }),
        ),
      ),
    });

    const { ended } = startCommand(folder, ['run', '--out', 'out', '--quiet'], { env: { FAULT_KEY: KEY } });
    const { code, stderr } = await ended;

    const rows = rowsIn(folder);
    const replies = ({ model, sample_id }: Row) => sent.get(`${model} sample ${sample_id.slice(1)}`) ?? [];
    const told = rows.map((row) => [row.model, row.sample_id, kindOf(row), Number(row.attempts)]);
    const owed = rows.map((row) => {
      const all = replies(row);
      return [row.model, row.sample_id, all.at(-1)?.kind ?? 'completed', all.length];
    });
    expect(rows).toHaveLength(2 * samples);
    expect(faulty).toBeGreaterThan(mixed.length);
    expect(told).toEqual(owed);
    expect(folder.read('out/journal.jsonl').match(/"type":"attempt"/g)).toHaveLength(endpoint.requests.length);
    // An unhandled rejection would make it 1, and say where it came from.
    expect(code).toBe(3);
    expect(stderr.trim().split('\n')).toEqual(['plain', 'streamed'].map((id) => expect.stringContaining(`${id}: `)));
  },
  60_000,
);
