import { expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createRejectedResults } from '../../src/journal/rejected-results.ts';
import { answered, failed } from '../helpers/results.ts';

function setup() {
  const written: string[] = [];
  const model: { answered: boolean; stop: ProviderError | null } = { answered: false, stop: null };
  const results = createRejectedResults(
    { stopped: () => model.stop, hasAnswered: () => model.answered },
    async (row: number, result) => {
      const mark = result.status === 'failed' && result.failure.modelStopped === true ? ' again' : '';
      written.push(`${row} ${result.status === 'failed' ? result.failure.kind : result.status}${mark}`);
    },
  );
  return { written, model, ...results };
}

const STOP = new ProviderError('bad_request', 'stopped');

test('rejections before the first answer are held back, and final once there is one', async () => {
  const { written, model, add } = setup();
  await add(0, failed('bad_request'));
  await add(1, failed('unsupported'));
  expect(written).toEqual([]);

  model.answered = true;
  await add(2, answered(1));
  await add(3, failed('bad_request'));

  expect(written).toEqual(['2 completed', '0 bad_request', '1 unsupported', '3 bad_request']);
});

test('rejections of a stopped model are asked again, and so are those that come after the stop', async () => {
  const { written, model, add } = setup();
  await add(0, failed('bad_request'));
  model.stop = STOP;
  await add(1, failed('bad_request'));
  await add(2, failed('content_filter'));
  await add(3, failed('timeout'));

  expect(written).toEqual(['0 bad_request again', '1 bad_request again', '2 content_filter', '3 timeout']);
});

test('what is held back at the end is written as final', async () => {
  const { written, flush, add } = setup();
  await add(0, failed('bad_request'));
  await flush();

  expect(written).toEqual(['0 bad_request']);
});

test('other results and replayed ones are written at once', async () => {
  const { written, add } = setup();
  await add(0, failed('timeout'));
  await add(1, { ...failed('bad_request'), replayed: true });

  expect(written).toEqual(['0 timeout', '1 bad_request']);
});

test('holds back a limited number of results', async () => {
  const { written, add } = setup();
  for (let row = 0; row < 1100; row += 1) await add(row, failed('bad_request'));

  expect(written.length).toBeGreaterThan(1000);
  expect(written.slice(0, 2)).toEqual(['0 bad_request', '1 bad_request']);
});
