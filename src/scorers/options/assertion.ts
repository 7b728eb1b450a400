/** Scorers written as one line of text: `contains: Paris`, `wer<0.1: the words`, `json: {"a": 1}`. */

import type { ScorerConfig } from '../../types.ts';

/** Names that assertions use for scorers. */
export const ALIASES: Readonly<Record<string, string>> = { contains: 'includes', equals: 'exact' };

const ASSERTION =
  /^(?<name>[a-z][a-z0-9+-]*)\s*(?:(?<operator><=|>=|<|>)\s*(?<limit>\d+(?:\.\d+)?))?\s*(?::\s*(?<text>[\s\S]*))?$/u;

/** Scorers whose text is not a target. */
const OPTION_OF: Readonly<Record<string, string>> = { regex: 'pattern' };
/** Scorers of several targets, whose text may be a JSON list. */
const LISTS = ['contains-all', 'contains-any', 'vqa-accuracy', 'keywords'];

/**
 * The configuration that an assertion stands for; any other entry, and a name that is no scorer's, as it is.
 * The text after the colon is the target; without a colon the sample's own target counts.
 */
export function resolveAssertion(config: ScorerConfig, scorers: { has(name: string): boolean }): ScorerConfig {
  const { name: written, ...options } = config;
  if (scorers.has(written)) return config;
  const { name = '', operator, limit, text } = ASSERTION.exec(written)?.groups ?? {};
  const scorer = ALIASES[name] ?? name;
  if (!scorers.has(scorer)) return { ...config, name: name === '' ? written : name };
  return {
    ...(scorer === name ? {} : { as: name }),
    ...(operator === undefined ? {} : { threshold: `${operator}${limit}` }),
    ...(text === undefined ? {} : textOption(scorer, text.trim())),
    ...options,
    name: scorer,
  };
}

function textOption(scorer: string, text: string): Readonly<Record<string, unknown>> {
  return { [OPTION_OF[scorer] ?? 'target']: LISTS.includes(scorer) ? listOf(text) : text };
}

function listOf(text: string): string | readonly string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : text;
  } catch {
    return text;
  }
}
