import { expect, test } from 'vitest';
import { counted } from '../../src/text/counted.ts';

test('writes one and many of a thing', () => {
  expect([counted(0, 'run'), counted(1, 'run'), counted(12_345, 'run')]).toEqual(['0 runs', '1 run', '12,345 runs']);
  expect(counted(2, 'query', 'queries')).toBe('2 queries');
});
