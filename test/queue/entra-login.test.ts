import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TokenCredential } from '../../src/io.ts';
import { connectQueue } from '../../src/queue/connect.ts';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';
import { NO_REDIS, startRedis, type TestRedis } from '../helpers/redis.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

vi.setConfig({ testTimeout: 60_000 });

const OID = '7c1f3a52-0b9e-4c55-9d0c-2f6f0a1b3c4d';
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** As Entra ID writes them; nobody here checks the signature. */
const tokenOf = (jti: string, claims: object = { oid: OID }) =>
  `${encoded({ alg: 'RS256' })}.${encoded({ ...claims, jti })}.c2lnbmF0dXJl`;

/** Gives each token for an hour, and notes the scopes that were asked for. */
function credentialOf(now: () => number = Date.now, claims?: object) {
  const scopes: string[] = [];
  const credential: TokenCredential = {
    async getToken(scope) {
      scopes.push(String(scope));
      return { token: tokenOf(`t${scopes.length}`, claims), expiresOnTimestamp: now() + HOUR_MS };
    },
  };
  return { credential, scopes };
}

describe.skipIf(NO_REDIS !== null)(
  `a queue whose users are of Entra ID${NO_REDIS === null ? '' : ` (skipped: ${NO_REDIS})`}`,
  () => {
    let redis: TestRedis;
    /** Stays logged in as the default user, who is off for everybody else. */
    let admin: Redis;
    const accept = (...tokens: readonly string[]) =>
      admin.call('ACL', 'SETUSER', OID, 'reset', 'on', '~*', '&*', '+@all', ...tokens.map((token) => `>${token}`));

    beforeEach(async () => {
      redis = await startRedis();
      admin = new Redis(redis.url);
      await accept(tokenOf('t1'));
      await admin.call('ACL', 'SETUSER', 'default', 'off');
    });
    afterEach(async () => {
      admin.disconnect();
      await redis[Symbol.asyncDispose]();
    });
    const address = () => ({ url: redis.url, prefix: '{x}', auth: 'entra' }) as const;

    test('takes the object id as the user and the token as the password', async () => {
      const { credential, scopes } = credentialOf();
      const queue = await connectQueue(address(), { credential, say() {} });

      expect(await queue.redis.call('ACL', 'WHOAMI')).toBe(OID);
      expect(await queue.another().call('ACL', 'WHOAMI')).toBe(OID);
      expect(scopes).toEqual(['https://redis.azure.com/.default']);
      await queue.close();
    });

    test('gets the next token on every open connection before the last one ends', async () => {
      const clock = createVirtualClock();
      const { credential, scopes } = credentialOf(clock.wall);
      const said: string[] = [];
      const queue = await connectQueue(address(), { credential, clock, say: (line) => said.push(line) });
      const connections = [queue.redis, queue.another(), queue.redis.duplicate()];
      await Promise.all(connections.map((one) => one.ping()));
      await clock.advance(HOUR_MS - 6 * MINUTE_MS);
      expect(scopes).toHaveLength(1);

      await accept(tokenOf('t2'));
      await admin.config('RESETSTAT');
      await clock.advance(2 * MINUTE_MS);
      await Promise.all(connections.map((one) => one.ping()));

      expect(await admin.info('commandstats')).toMatch(/cmdstat_auth:calls=3,.*failed_calls=0/);
      // A connection that is lost comes back with the new token.
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      for (const one of connections) expect(await one.call('ACL', 'WHOAMI')).toBe(OID);
      expect([scopes.length, said]).toEqual([2, []]);
      for (const one of connections) one.disconnect();
      await queue.close();
      expect(clock.sleeping()).toBe(0);
    });

    test('is kept while no new token comes, which is said once', async () => {
      const clock = createVirtualClock();
      const { credential } = credentialOf(clock.wall);
      let isAway = false;
      const flaky: TokenCredential = {
        getToken: async (scope) => {
          if (isAway) throw new Error('the identity service is away');
          return credential.getToken(scope);
        },
      };
      const said: string[] = [];
      const queue = await connectQueue(address(), { credential: flaky, clock, say: (line) => said.push(line) });
      isAway = true;
      await clock.advance(HOUR_MS + 5 * MINUTE_MS);

      expect(await queue.redis.ping()).toBe('PONG');
      expect(said).toEqual([
        'the queue will be lost when its Entra ID token ends: no Entra ID token for https://redis.azure.com/.default: the identity service is away',
      ]);
      isAway = false;
      await accept(tokenOf('t2'));
      await admin.config('RESETSTAT');
      await clock.advance(MINUTE_MS);
      await queue.redis.ping();
      expect(await admin.info('commandstats')).toMatch(/cmdstat_auth:calls=1,.*failed_calls=0/);
      await queue.close();
    });

    test('runs with a coordinator and a worker, and no token is in its folders', async () => {
      await using endpoint = await startEndpoint(() => ({ json: chatCompletion('yes') }));
      using folder = workspace({
        'manifest.csv': 'id,prompt,target\ns1,one,yes\ns2,two,yes\n',
        'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n  - {id: a, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}}\nqueue: {url: "${redis.url}", auth: entra}\nscorers: [exact]\nreporters: [csv]\n`,
      });
      const [run, worker] = await Promise.all([
        folder.run(['run', '--out', 'run'], { credential: credentialOf().credential }),
        folder.run(['worker', '--queue', redis.url, '--out', 'w1'], {
          credential: credentialOf().credential,
          env: { EARSIGHT_QUEUE_AUTH: 'entra' },
        }),
      ]);

      expect([run.code, worker.code]).toEqual([0, 0]);
      for (const name of folder.list('.')) expect(folder.read(name)).not.toContain(encoded({ alg: 'RS256' }));
    });

    test.each([
      [
        'a token that Redis does not take',
        { oid: 'other' },
        'rejects the Entra ID token of other · add this object id',
      ],
      ['a token without an object id', {}, 'names no identity (claim oid)'],
    ])('says what is wrong with %s', async (_, claims, message) => {
      using here = workspace();
      const { code, stderr } = await here.run(['status', '--queue', redis.url, '--queue-auth', 'entra'], {
        credential: credentialOf(Date.now, claims).credential,
      });

      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(stderr).not.toContain(encoded(claims));
    });
  },
);

test.each([
  [
    'redis://cache.example:6379',
    'an Entra ID token would go in clear text to the queue at cache.example:6379 · use a rediss:// URL',
  ],
  ['rediss://:pw-81c2@cache.example:6380', 'has both a login in its URL and auth entra'],
])('no token is asked for to reach %s', async (url, message) => {
  using here = workspace();
  const { credential, scopes } = credentialOf();
  const { code, stderr } = await here.run(['worker', '--queue', url, '--queue-auth', 'entra'], { credential });

  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(stderr).not.toContain('pw-81c2');
  expect(scopes).toEqual([]);
});

test('a credential that cannot sign in is named with what it says', async () => {
  using here = workspace();
  const credential: TokenCredential = { getToken: async () => Promise.reject(new Error('please run az login')) };
  const { code, stderr } = await here.run(
    ['status', '--queue', 'rediss://cache.example:6380', '--queue-auth', 'entra'],
    { credential },
  );

  expect([code, stderr]).toEqual([2, expect.stringContaining('please run az login · sign in (az login')]);
});

test.each([
  [['status', '--queue', 'redis://127.0.0.1:1', '--queue-auth', 'entar'], '--queue-auth cannot be "entar"'],
  [['run', '--queue-auth', 'entra'], '--queue-auth needs --queue'],
])('%j is rejected', async (argv, message) => {
  using here = workspace({
    'manifest.csv': 'id,prompt,target\ns1,one,yes\n',
    'earsight.config.yaml':
      'dataset: manifest.csv\nmodels:\n  - {id: a, provider: openai, endpoint: "http://127.0.0.1:1/v1", model: m, auth: {type: none}}\n',
  });
  const { code, stderr } = await here.run(argv);

  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
