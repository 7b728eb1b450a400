import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMediaBase, resolveInBase } from '../../src/dataset/media-base.ts';

const BASE = 'https://store.example/set/media?sv=1&sig=s%2Bg';

function hrefOf(path: string): string {
  const base = parseMediaBase(BASE);
  const url = 'message' in base ? base : resolveInBase(base, path);
  return 'message' in url ? url.message : url.href;
}

describe('a path below a URL', () => {
  test.each([
    ['a.png', 'https://store.example/set/media/a.png?sv=1&sig=s%2Bg'],
    ['./b/../c d.png', 'https://store.example/set/media/c%20d.png?sv=1&sig=s%2Bg'],
    ['what?#1%2e.png', 'https://store.example/set/media/what%3F%231%252e.png?sv=1&sig=s%2Bg'],
    ['a\\..\\b.png', 'https://store.example/set/media/a%5C..%5Cb.png?sv=1&sig=s%2Bg'],
    ['ä.png', 'https://store.example/set/media/%C3%A4.png?sv=1&sig=s%2Bg'],
  ])('%s keeps every character of its names, and gets the query', (path, href) => {
    expect(hrefOf(path)).toBe(href);
  });

  test.each(['..', '../x.png', 'a/../../x.png', '/x.png', '//other.example/x.png', '.', 'a/..'])(
    '%s is outside',
    (path) => {
      expect(hrefOf(path)).toBe('is outside mediaRoot');
    },
  );

  test('half of a character is no name', () => {
    expect(hrefOf('\ud800.png')).toBe('contains half of a character');
  });

  test('no path leaves the base, changes the host or the query', () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', '%2e%2e', '%2F', '\\', '?', '#', '@', ':', 'a', ' ', '\t', '\n', '//'),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('/')),
        (path) => {
          const base = parseMediaBase(BASE);
          if ('message' in base) throw new Error(base.message);
          const url = resolveInBase(base, path);
          if ('message' in url) return;
          const again = new URL(url.href);
          expect(again.origin).toBe('https://store.example');
          expect(again.search).toBe('?sv=1&sig=s%2Bg');
          expect(again.pathname.startsWith('/set/media/')).toBe(true);
          expect(again.pathname.split('/')).not.toContain('..');
        },
      ),
    );
  });
});

describe('a URL of media', () => {
  test.each([
    ['http://store.example/x', 'is not encrypted'],
    ['http://127.0.0.1.store.example/x', 'is not encrypted'],
    ['https://user:word@store.example/x', 'contains a user name or password'],
    ['https://', 'is not a URL'],
  ])('%s %s', (written, message) => {
    expect(parseMediaBase(written)).toMatchObject({ message });
  });

  test('may be plain http on this machine', () => {
    expect(parseMediaBase('http://127.0.0.1:8000/x#y')).toMatchObject({ href: 'http://127.0.0.1:8000/x/' });
  });
});
