/** Parses YAML text into documents after a check of its nesting: the composer of the parser recurses. */

import {
  Composer,
  type CST,
  type Document,
  type DocumentOptions,
  Lexer,
  type LineCounter,
  type ParseOptions,
  Parser,
  type SchemaOptions,
} from 'yaml';
import { WITHOUT_KEY_CHECK } from './yaml-survey.ts';

export type YamlComposition =
  | {
      /** Absent for a text without a document. */
      readonly document: Document.Parsed | undefined;
      /** Where a second document starts; further ones are not read. */
      readonly second: Document.Parsed | undefined;
    }
  /** The offset of the first value that is nested too deeply. */
  | { readonly deep: number };

/** Composes the first documents of a text. The line starts are added to `lines`; repeated names are not errors. */
export function composeYaml(
  text: string,
  lines: LineCounter,
  maxDepth: number,
  options: ParseOptions & DocumentOptions & SchemaOptions = {},
): YamlComposition {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // The document is the first. Parsing on would take a gigabyte for a million brackets.
    const tooDeep = parser.stack[maxDepth + 2];
    if (tooDeep !== undefined) return { deep: tooDeep.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  const deep = deepIn(tokens, maxDepth);
  if (deep !== undefined) return { deep };
  const composer = new Composer({ ...options, ...WITHOUT_KEY_CHECK, prettyErrors: false, logLevel: 'error' });
  const [document, second] = composer.compose(tokens, true, text.length);
  return { document, second };
}

/** The offset of the first value that is nested too deeply. It walks without recursion, which deep nesting would exhaust. */
function deepIn(tokens: readonly CST.Token[], maxDepth: number): number | undefined {
  const waiting: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return token.offset;
    if (token.type === 'document' && token.value !== undefined) waiting.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if (item.key) waiting.push({ token: item.key, depth: depth + 1 });
      if (item.value) waiting.push({ token: item.value, depth: depth + 1 });
    }
  }
  return undefined;
}
