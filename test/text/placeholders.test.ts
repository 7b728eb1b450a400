import { expect, test } from 'vitest';
import { fillPlaceholders, placeholdersOf } from '../../src/text/placeholders.ts';

test('finds names without the blanks around them', () => {
  expect(placeholdersOf('{{prompt}} {{ id }}\n{{\tmeta.a b }} {x} {{}}')).toEqual(['prompt', 'id', 'meta.a b']);
});

test('fills each with its value once', () => {
  expect(fillPlaceholders('{{ a }}-{{b}}-{{a}}', (name) => (name === 'a' ? '{{b}}$&' : ''))).toBe('{{b}}$&--{{b}}$&');
});

test('leaves half of a placeholder as it is', () => {
  expect(fillPlaceholders('{{ a } {{{b}} }}', () => 'x')).toBe('{{ a } {x }}');
});
