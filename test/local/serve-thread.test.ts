import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { badRequest } from '../../src/local/request-error.ts';
import { serveThread } from '../../src/local/serve-thread.ts';

const open: MessageChannel[] = [];

function channel(): MessageChannel {
  const made = new MessageChannel();
  open.push(made);
  return made;
}

afterEach(() => {
  for (const { port1 } of open.splice(0)) port1.close();
});

async function shout(word: string): Promise<string> {
  if (word === '') throw badRequest('No word.', 'empty', 'word');
  if (word === 'engine') throw new Error(`${'x'.repeat(500)}\nsource`);
  if (word === 'odd') return Promise.reject('odd');
  return word.toUpperCase();
}

test.each([
  ['tea', { type: 'reply', id: 7, reply: 'TEA' }],
  ['', { type: 'error', id: 7, message: 'No word.', details: { status: 400, code: 'empty', param: 'word' } }],
  ['odd', { type: 'error', id: 7, message: 'The recogniser failed: odd' }],
])('answers %j with %j', async (request, message) => {
  const { port1, port2 } = channel();
  const ready = once(port1, 'message');
  await serveThread(port2, async () => shout);
  expect(await ready).toEqual([{ type: 'ready' }]);
  const reply = once(port1, 'message');
  port1.postMessage({ id: 7, request });
  expect(await reply).toMatchObject([message]);
});

test('an engine’s own error is a 500 of one short line', async () => {
  const { port1, port2 } = channel();
  const ready = once(port1, 'message');
  await serveThread(port2, async () => shout);
  await ready;
  const reply = once(port1, 'message');
  port1.postMessage({ id: 1, request: 'engine' });
  expect(await reply).toEqual([
    {
      type: 'error',
      id: 1,
      message: `The recogniser failed: ${'x'.repeat(200)}`,
      details: { status: 500, code: 'recogniser_failed' },
    },
  ]);
});

test.each([
  [new InputError({ message: 'absent', hint: 'install it' }), [{ message: 'absent', hint: 'install it' }]],
  [new Error('bad weights'), [{ message: 'The recogniser failed: bad weights' }]],
])('says when the service cannot be loaded', async (error, problems) => {
  const { port1, port2 } = channel();
  const said = once(port1, 'message');
  await serveThread<string, string>(port2, () => Promise.reject(error));
  expect(await said).toEqual([{ type: 'unready', problems }]);
});
