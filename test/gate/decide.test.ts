import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideTogether, type PairedGate } from '../../src/gate/decide.ts';

const gateOf = (baseline: readonly number[], run: readonly number[], more: Partial<PairedGate> = {}): PairedGate => ({
  kind: 'bounded',
  baseline,
  run,
  clusters: baseline.map(() => null),
  higherIsBetter: true,
  margin: 0.02,
  ...more,
});
const list = (n: number, of: (index: number) => number) => Array.from({ length: n }, (_, index) => of(index));
const one = (gate: PairedGate) => decideTogether([gate])[0];

describe('one gate', () => {
  test('a clear drop of more than the margin is a regression', () => {
    const decision = one(
      gateOf(
        list(200, () => 1),
        list(200, (index) => (index < 24 ? 0 : 1)),
        { kind: 'binary' },
      ),
    );

    expect(decision).toMatchObject({ verdict: 'regressed', n: 200, loss: 0.12 });
    expect(decision?.p).toBeLessThan(1e-6);
  });

  test('a significant drop that is smaller than the margin is not', () => {
    const decision = one(
      gateOf(
        list(200, () => 1),
        list(200, (index) => (index < 24 ? 0 : 1)),
        { margin: 0.2 },
      ),
    );

    expect(decision?.verdict).toBe('pass');
  });

  test('a drop of the margin that chance explains is inconclusive, and says how many samples would decide', () => {
    const decision = one(
      gateOf(
        list(100, (i) => (i < 90 ? 1 : 0)),
        list(100, (i) => (i >= 4 && i < 92 ? 1 : 0)),
      ),
    );

    expect(decision?.verdict).toBe('inconclusive');
    expect(decision?.loss).toBeCloseTo(0.02);
    expect(decision?.visible).toBeGreaterThan(0.05);
    expect(decision?.samplesNeeded).toBeGreaterThan(500);
  });

  test('ties alone pass when there are enough of them to exclude the margin', () => {
    expect(
      one(
        gateOf(
          list(200, () => 1),
          list(200, () => 1),
          { kind: 'binary' },
        ),
      )?.verdict,
    ).toBe('pass');
    expect(
      one(
        gateOf(
          list(100, () => 1),
          list(100, () => 1),
          { kind: 'binary' },
        ),
      ),
    ).toMatchObject({
      verdict: 'inconclusive',
      loss: 0,
      samplesNeeded: 133,
    });
  });

  test.each([0, 1, 2, 3, 4])('%i pairs never decide anything, however different', (n) => {
    const worse = one(
      gateOf(
        list(n, () => 1),
        list(n, () => 0),
        { kind: 'binary' },
      ),
    );
    const same = one(
      gateOf(
        list(n, () => 0.5),
        list(n, () => 0.5),
      ),
    );

    expect(worse).toMatchObject({ verdict: 'inconclusive', p: null });
    expect(same).toMatchObject({ verdict: 'inconclusive', p: null });
  });

  test('samples of one cluster count once', () => {
    const clusters = list(100, () => 0).map(() => 'image');

    expect(
      one(
        gateOf(
          list(100, () => 1),
          list(100, () => 0),
          { clusters },
        ),
      )?.verdict,
    ).toBe('inconclusive');
  });

  test('an increase is a loss where lower is better', () => {
    const costs = list(50, (i) => 1 + i / 10);
    const gate = { kind: 'unbounded' as const, higherIsBetter: false, margin: 0.1 };

    expect(
      one(
        gateOf(
          costs,
          costs.map((cost) => cost * 1.5),
          gate,
        ),
      )?.verdict,
    ).toBe('regressed');
    expect(
      one(
        gateOf(
          costs,
          costs.map((cost) => cost * 0.5),
          gate,
        ),
      )?.verdict,
    ).toBe('pass');
    expect(one(gateOf(costs, costs, gate))?.verdict).toBe('pass');
  });
});

test('the more gates are judged together, the more each has to show', () => {
  const weak = gateOf(
    list(40, () => 1),
    list(40, (index) => (index < 5 ? 0 : 1)),
    { kind: 'binary' },
  );
  const same = gateOf(
    list(40, () => 1),
    list(40, () => 1),
    { kind: 'binary' },
  );

  expect(decideTogether([weak])[0]?.verdict).toBe('regressed');
  expect(decideTogether([weak, same, same, same]).map(({ verdict }) => verdict)).not.toContain('regressed');
});

test('a verdict follows its own figures, whatever the values', () => {
  const score = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  const pairs = fc.array(fc.tuple(score, score, fc.constantFrom(null, 'a', 'b', 'c')), { maxLength: 40 });
  fc.assert(
    fc.property(pairs, fc.double({ min: 0, max: 0.5, noNaN: true }), (rows, margin) => {
      const clusters = rows.map(([, , cluster]) => cluster);
      const gate = gateOf(
        rows.map(([a]) => a),
        rows.map(([, b]) => b),
        { clusters, margin },
      );
      const decision = one(gate);
      expect(decision).toBeDefined();
      if (decision === undefined) return;
      const { verdict, loss, lossAtMost, pHolm } = decision;
      if (verdict === 'regressed') {
        expect(pHolm).toBeLessThan(0.05);
        expect(loss).toBeGreaterThanOrEqual(margin - 1e-9);
      }
      if (verdict === 'pass' && lossAtMost !== null) expect(lossAtMost).toBeLessThanOrEqual(margin);
      // Exchanging both sides never turns a regression into another one.
      const turned = one(gateOf(gate.run as number[], gate.baseline as number[], { clusters, margin }));
      expect(verdict === 'regressed' && turned?.verdict === 'regressed').toBe(false);
    }),
    { numRuns: 200 },
  );
});
