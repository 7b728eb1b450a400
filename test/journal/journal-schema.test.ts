import { expect, test } from 'vitest';
import { checksum, encodeLine, type JournalEntry, readHead } from '../../src/journal/journal-line.ts';
import { parseLine } from '../../src/journal/journal-schema.ts';
import { answered, failed, outcome, skipped, usageOf } from '../helpers/results.ts';

const MODEL = { id: 'm', wire: {}, params: {}, system: null, template: null, media: null };
const DEFINITION = { dataset: 'd', samples: 4, repeat: 1, scorers: [], models: [MODEL] };
const HEADER = { format: 'earsight-journal', version: 1, runId: 'r', runIdentity: DEFINITION };
const COMPLETION = {
  text: 'a',
  finishReason: 'stop',
  refused: false,
  usage: usageOf(1, 2),
  servedModel: null,
  requestId: null,
};
const TURN = {
  requestHash: 'h',
  sampleId: 's',
  modelId: 'm',
  repeat: 0,
  turn: 0,
  answered: { completion: COMPLETION, latencyMs: 1, firstTokenMs: null },
};
const ATTEMPT = { requestHash: 'h', modelId: 'm', attempt: 1, turn: 0 };
const RESULT = answered(1);
const SCORE = {
  ...{ set: 'rescore-1', sampleId: 's', modelId: 'm', repeat: 0, judged: 'h', sampleKey: 'k', target: ['t'] },
  ...{
    scorers: ['exact'],
    outcome: 'answered',
    score: 1,
    scores: [{ scorer: 'exact', value: 1, raw: 1, unit: 'match' }],
  },
};
const SET = { name: 'rescore-1', scoredAt: null, dataset: 'm.csv', scorers: [{ name: 'exact', version: 'exact 2' }] };

const GOOD = {
  header: HEADER,
  attempt: ATTEMPT,
  turn: TURN,
  result: RESULT,
  rebase: { runIdentity: DEFINITION },
  limit: 7,
  score: SCORE,
  scoreset: SET,
};

/** The line with these data and a checksum that holds, as it is read back. */
function read(type: string, data: unknown): JournalEntry | null {
  const line = encodeLine(0, {
    type,
    ...(type === 'result' || type === 'score' ? { cell: 0 } : {}),
    data,
  } as JournalEntry).trimEnd();
  const head = readHead(line);
  return head === null ? null : parseLine(line, head);
}

test.each(Object.entries(GOOD))('a %s line as it is written is read', (type, data) => {
  expect(read(type, data)).toMatchObject({ type, data });
  expect(read(type, typeof data === 'object' ? { ...data, ofLaterVersions: 1 } : data)).not.toBeNull();
});

test.each([
  failed('content_filter'),
  failed('timeout'),
  skipped({}, 'budget'),
  outcome('truncated'),
  { ...answered(null), usages: [null, usageOf(1, 1)], earlierAnswers: ['a'], cachedLatencyMs: 3, replayed: true },
  { ...answered(1), finishReason: 'a_word_of_the_vendor', usage: { ...usageOf(1, 1), audioCompletionTokens: null } },
  // A mean of weighted ones, as it is computed in binary.
  { ...answered(1), score: 1 + Number.EPSILON },
])('any kind of result is read', (result) => {
  expect(read('result', result)).not.toBeNull();
});

/** A member that is wrong, by its path. */
function changed(data: object, path: string, value: unknown): unknown {
  const [name = '', ...rest] = path.split('.');
  const members = data as Record<string, object>;
  const inner = rest.length === 0 ? value : changed(members[name] ?? {}, rest.join('.'), value);
  return Array.isArray(data)
    ? data.map((item, index) => (String(index) === name ? inner : item))
    : { ...data, [name]: inner };
}

test.each([
  ['timing.latencyMs', '=HYPERLINK("http://x")'],
  ['timing.startedAt', '=1+1'],
  ['timing.queueMs', null],
  ['usage.promptTokens', '12'],
  ['usage.completionTokens', -1],
  ['usage', []],
  ['costUsd', '1'],
  ['costUsd', -5],
  ['assumedCostUsd', -5],
  ['score', '@SUM(A1)'],
  ['score', 900],
  ['scores', {}],
  ['scores.0.value', true],
  ['scores.0.raw', 'many'],
  ['scores.0.counts', { errors: 'none' }],
  ['scores.0.alignment', [7]],
  ['scores.0.version', 2],
  ['attempts', 1.5],
  ['repeat', '=1'],
  ['sampleIndex', -1],
  ['sampleId', 7],
  ['requestHash', 'x'.repeat(2 ** 16 + 1)],
  ['sample', null],
  ['sample.metadata', { key: 1 }],
  ['sample.images', 'a.png'],
  ['sample.target', [1]],
  ['status', 'done'],
  ['outcome', 'filtered'],
  ['answer', ['a']],
  ['finishReason', 7],
  ['usage.audioCompletionTokens', '=1'],
  ['usage.mismatch', { partsTokens: 'a' }],
  ['tokensSource', 'me'],
  ['servedModel', {}],
  ['scorers', 'exact'],
  ['sound', { sha256: 7, mediaType: 'audio/wav', byteLength: 1 }],
  ['thinking', 7],
  ['asSent', [1]],
  ['earlierSounds', [{}]],
  ['failure', undefined],
])('a result whose %s is %j is damaged', (path, value) => {
  const result = path === 'failure' ? failed('timeout') : RESULT;

  expect(read('result', changed(result, path, value))).toBeNull();
});

test.each([
  ['score', SCORE, 'set', 'run'],
  ['score', SCORE, 'set', '=1+1'],
  ['score', SCORE, 'scores.0.value', 2],
  ['score', SCORE, 'score', 'many'],
  ['score', SCORE, 'outcome', 'done'],
  ['score', SCORE, 'target', 'a'],
  ['scoreset', SET, 'name', 'a\nb'],
  ['scoreset', SET, 'scorers', [{}]],
  ['header', HEADER, 'runId', 7],
  ['header', HEADER, 'runIdentity.samples', '4'],
  ['header', HEADER, 'runIdentity.models', [{}]],
  ['rebase', GOOD.rebase, 'runIdentity', null],
  ['attempt', ATTEMPT, 'attempt', 'first'],
  ['turn', TURN, 'turn', 1e9],
  ['turn', TURN, 'answered.completion.text', 7],
  ['turn', TURN, 'answered.latencyMs', '1'],
])('a %s line whose %3$s is wrong is damaged', (type, data, path, value) => {
  expect(read(type, changed(data, path, value))).toBeNull();
});

/** A line with this body and a checksum that holds. */
function readBody(body: string): JournalEntry | null {
  const line = `{"crc":"${checksum(body)}",${body}`;
  const head = readHead(line);
  return head === null ? null : parseLine(line, head);
}

test('a line whose checksum holds and whose members contradict it is damaged', () => {
  const data = JSON.stringify(RESULT);
  expect(readBody(`"seq":0,"type":"result","cell":0,"data":${data}}`)).not.toBeNull();
  expect(readBody(`"seq":0,"type":"result","cell":0,"data":${data},"cell":9}`)).toBeNull();
  expect(readBody(`"seq":0,"type":"result","cell":0,"data":${data},"type":"limit"}`)).toBeNull();
  expect(readBody(`"seq":0,"type":"result","data":${data}}`)).toBeNull();
  expect(readBody(`"seq":0,"type":"result","cell":99999999999999999999,"data":${data}}`)).toBeNull();
  expect(readBody(`"seq":0,"type":"result","cell":0,"data":${data.replace('"score":1', '"score":1e999')}}`)).toBeNull();
  expect(readBody(`"seq":0,"type":"constructor","data":${data}}`)).toBeNull();
  expect(readBody(`"seq":0,"type":"result","cell":0,"data":${data}`)).toBeNull();
});
