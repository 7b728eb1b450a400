import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { type Row, steadyRows } from '../helpers/tables.ts';

const LINE_FEED = 0x0a;

/** Each has one request, except the last, which is a conversation of three. */
const SAMPLES = [
  ...['a', 'b', 'c', 'dé', 'e'].map((id) => ({ id, prompt: `say ${id}`, target: `echo: say ${id}` })),
  {
    id: 'talk',
    turns: ['one', 'two', 'three'].map((word) => ({ prompt: `say ${word}`, target: `echo: say ${word}` })),
  },
];
const MODELS = ['x', 'y'];
const requestsOf = (id: string) => (id === 'talk' ? 3 : 1);

let endpoint: Endpoint;
let folder: Workspace;
let whole: Buffer;
let rows: readonly Row[];
beforeAll(async () => {
  endpoint = await startEndpoint(({ body }) =>
    body.includes('say e"') ? { status: 400, json: { error: { message: 'not this one' } } } : undefined,
  );
  const models = MODELS.map(
    (id) =>
      `  - {id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: ${id}, auth: {type: none}, limits: {concurrency: 2}}\n`,
  );
  folder = workspace({
    'manifest.jsonl': SAMPLES.map((sample) => `${JSON.stringify(sample)}\n`).join(''),
    'earsight.config.yaml': `dataset: manifest.jsonl\nmaxErrorRate: 1\nmodels:\n${models.join('')}scorers: [exact]\n`,
  });
  expect((await folder.run(['run', '--out', 'out'])).code).toBe(0);
  expect(endpoint.requests).toHaveLength(2 * (5 + 3));
  whole = readFileSync(journal());
  rows = tableRows();
});
afterAll(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});
let sent = 0;
beforeEach(() => {
  sent = endpoint.requests.length;
});

const journal = () => join(folder.directory, 'out/journal.jsonl');

/** The number of attempts of a conversation counts only the last execution. */
function tableRows(): readonly Row[] {
  return steadyRows(folder, 'out').map(({ attempts, ...row }) => row);
}

interface Line {
  readonly start: number;
  /** After the line feed. */
  readonly end: number;
  readonly type: string;
  readonly data: { readonly requestHash?: string; readonly sampleId?: string; readonly modelId?: string };
}

function linesOf(bytes: Buffer): readonly Line[] {
  const lines: Line[] = [];
  for (
    let start = 0, end = bytes.indexOf(LINE_FEED);
    end !== -1;
    start = end + 1, end = bytes.indexOf(LINE_FEED, start)
  )
    lines.push({ start, end: end + 1, ...JSON.parse(bytes.toString('utf8', start, end)) });
  return lines;
}

/** Requests that a resume must send when only these lines of the journal are left. */
function missingRequests(left: readonly Line[]): number {
  const results = linesOf(whole).filter(({ type }) => type === 'result');
  const isLeft = (type: string, { data }: Line) =>
    left.filter(
      (line) => line.type === type && line.data.requestHash === data.requestHash && line.data.modelId === data.modelId,
    ).length;
  return results
    .filter((result) => isLeft('result', result) === 0)
    .reduce((sum, result) => sum + requestsOf(result.data.sampleId ?? '') - isLeft('turn', result), 0);
}

/** Resumes the run with the damaged journal; the rows must be those of the uninterrupted run. */
async function resumed(bytes: Buffer): Promise<{ readonly asked: number; readonly stderr: string }> {
  writeFileSync(journal(), bytes);
  const before = endpoint.requests.length;
  const { code, stderr } = await folder.run(['run', '--resume', 'out']);
  expect(stderr).not.toContain('unexpected error');
  expect(code).toBe(0);
  expect(tableRows()).toEqual(rows);
  return { asked: endpoint.requests.length - before, stderr };
}

/** Some hundred runs each: a busy machine may take a while. */
const PATIENCE_MS = 120_000;

test(
  'a run that is cut off at any byte and resumed equals the uninterrupted run, and sends only missing requests',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length }), async (cut) => {
        const { asked, stderr } = await resumed(whole.subarray(0, cut));

        const left = linesOf(whole).filter(({ end }) => end <= cut);
        expect(asked).toBe(missingRequests(left));
        expect(stderr.includes('incomplete lines')).toBe(cut !== (left.at(-1)?.end ?? 0));
        expect((await folder.run(['run', '--resume', 'out'])).code).toBe(0);
        expect(tableRows()).toEqual(rows);
      }),
      { numRuns: 25 },
    );
  },
  PATIENCE_MS,
);

test(
  'a run that is cut off again and again while it is resumed has the same results in the end',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
        async (shares) => {
          let bytes = whole;
          for (const share of shares) {
            await resumed(bytes.subarray(0, Math.floor(share * bytes.length)));
            bytes = readFileSync(journal());
          }
        },
      ),
      { numRuns: 8 },
    );
  },
  PATIENCE_MS,
);

test(
  'a flipped bit anywhere is reported, and only the cells of the damaged lines run again',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const flipped = Buffer.from(whole);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);

        const { asked, stderr } = await resumed(flipped);

        // A damaged line feed also damages the line after it.
        const isHit = ({ start, end }: Line) =>
          (start <= at && at < end) || (start === at + 1 && whole[at] === LINE_FEED);
        expect(stderr).toMatch(/warning: (journal\.jsonl:\d+ is damaged|the journal ends with \d+ bytes)/);
        expect(asked).toBe(missingRequests(linesOf(whole).filter((line) => !isHit(line))));
        const again = endpoint.requests.length;
        await folder.run(['run', '--resume', 'out']);
        expect(endpoint.requests.length).toBe(again);
      }),
      { numRuns: 40 },
    );
  },
  PATIENCE_MS,
);

test('the incomplete end of the journal is kept byte for byte', async () => {
  const last = linesOf(whole).at(-1);
  const cut = (last?.start ?? 0) + 20;

  await resumed(whole.subarray(0, cut));

  expect(folder.read('out/journal.damaged').endsWith(whole.toString('utf8', last?.start, cut))).toBe(true);
  expect(endpoint.requests.length).toBeGreaterThan(sent);
});
