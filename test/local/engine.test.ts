import { afterEach, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { type Engine, startEngine } from '../../src/local/engine.ts';

type Order = { readonly do?: 'hang' | 'die' | 'reject'; readonly say?: string };

const workerUrl = new URL('../fixtures/local/scripted-worker.mjs', import.meta.url);
const never = new AbortController().signal;
const started: Engine<Order, string>[] = [];

async function start({ name = 'scripted', deadlineMs = 20_000, maxWaiting = 10 } = {}): Promise<Engine<Order, string>> {
  const engine = await startEngine<Order, string>({ name, workerUrl, deadlineMs, maxWaiting });
  started.push(engine);
  return engine;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((engine) => engine.close()));
});

test('answers in the order of asking', async () => {
  const engine = await start();
  const order: string[] = [];
  await Promise.all(
    ['a', 'b', 'c'].map(async (say) => {
      order.push(await engine.answer({ say }, never));
    }),
  );
  expect(order).toEqual(['a', 'b', 'c']);
});

test('an error is reported and the same thread serves the next request', async () => {
  const engine = await start();
  await expect(engine.answer({ do: 'reject' }, never)).rejects.toMatchObject({
    message: 'No.',
    details: { status: 400 },
  });
  expect(await engine.answer({ say: 'next' }, never)).toBe('next');
});

test('past the deadline it gives up, and a new thread serves the next request', async () => {
  const engine = await start({ deadlineMs: 1000 });
  const late = expect(engine.answer({ do: 'hang' }, never)).rejects.toMatchObject({
    details: { status: 504, code: 'deadline_exceeded' },
  });
  const next = engine.answer({ say: 'next' }, never);
  await late;
  expect(await next).toBe('next');
});

test('a thread that dies fails its request only', async () => {
  const engine = await start();
  const died = expect(engine.answer({ do: 'die' }, never)).rejects.toMatchObject({
    details: { status: 500, code: 'recogniser_lost' },
  });
  const next = engine.answer({ say: 'next' }, never);
  await died;
  expect(await next).toBe('next');
});

test('a full queue answers 429 with a time to come again', async () => {
  const engine = await start({ maxWaiting: 1 });
  const running = engine.answer({ say: 'first' }, never);
  const waiting = engine.answer({ say: 'second' }, never);
  await expect(engine.answer({ say: 'third' }, never)).rejects.toMatchObject({
    details: { status: 429, retryAfterSeconds: 1 },
  });
  expect(await Promise.all([running, waiting])).toEqual(['first', 'second']);
});

test('an aborted request leaves the queue', async () => {
  const engine = await start({ maxWaiting: 2 });
  const gone = new AbortController();
  const running = engine.answer({ say: 'first' }, never);
  const dropped = engine.answer({ do: 'die' }, gone.signal);
  const last = engine.answer({ say: 'last' }, never);
  gone.abort(new Error('client left'));
  await expect(dropped).rejects.toThrow('client left');
  expect(await Promise.all([running, last])).toEqual(['first', 'last']);
});

test('closing ends what runs and what waits with 503, and takes no more', async () => {
  const engine = await start();
  const all = [engine.answer({ do: 'hang' }, never), engine.answer({ say: 'waiting' }, never)];
  const refused = Promise.all(
    all.map((request) => expect(request).rejects.toMatchObject({ details: { status: 503, code: 'stopping' } })),
  );
  await engine.close();
  await refused;
  await expect(engine.answer({ say: 'late' }, never)).rejects.toMatchObject({ details: { status: 503 } });
});

test.each([
  ['unready', 'no package · install it'],
  ['broken', 'broken did not load: no such engine'],
  ['silent', 'silent did not load: its thread ended'],
])('a service that does not load (%s) is an input error', async (name, message) => {
  const failure = start({ name });
  await expect(failure).rejects.toBeInstanceOf(InputError);
  await expect(failure).rejects.toMatchObject({ message });
});
