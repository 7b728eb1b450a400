/** Scorer `json`: valid JSON, valid by a schema, and equal to a target field by field. */

import { z } from 'zod';
import { compareFields, type FieldScorers } from './json/compare-fields.ts';
import { jsonDifference } from './json/json-difference.ts';
import { findJson, isTooDeep, parseJson } from './json/json-text.ts';
import { createSchemaCheck, schemaProblem } from './json/schema-check.ts';
import { bestOf, defineScorer, type Judgement, matched, type OtherScorers, UNREADABLE, unscored } from './scorer.ts';

const scorerConfig = z.union([z.string().min(1), z.looseObject({ name: z.string().min(1) })]);

const options = z.strictObject({
  schema: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .exactOptional()
    .describe('JSON Schema that the answer must follow, or the path of its file; `format` is not checked'),
  check: z
    .enum(['fields', 'valid'])
    .default('fields')
    .describe(
      'fields: compares with the target, where there is one · valid: only whether it is JSON and follows the schema',
    ),
  fields: z
    .record(z.string(), scorerConfig)
    .default({})
    .describe('a scorer for each path of the target, e.g. {"lines.*.price": numeric}; others must be equal'),
  extra: z.enum(['ignore', 'count']).default('ignore').describe('count: fields that the target lacks are wrong ones'),
  strict: z
    .boolean()
    .default(false)
    .describe('whether the answer must be JSON as a whole, without text or a code block around it'),
  reference: z
    .enum(['none', 'autoevals'])
    .default('none')
    .describe('autoevals: as ValidJSON and JSONDiff, with a share for near texts and numbers'),
});

type Options = z.output<typeof options>;

const TOO_DEEP = unscored('the answer or its target is nested too deeply');
const NOT_JSON: Judgement = { ...UNREADABLE, explanation: 'the answer is not JSON' };

/**
 * Without a target 1 for valid JSON that follows the schema, else 0. With one the mean over its fields, 0 when the answer
 * does not follow the schema, and without value when it is not JSON. `parts` has the figure of every field.
 */
export const json = defineScorer({
  description: 'the answer is JSON, follows a schema, and equals the target field by field',
  version: 1,
  unit: 'json',
  options,
  paths: ['schema'],
  needsTarget: () => false,
  targetProblem(target, { check }) {
    const wrong = check === 'fields' ? target.find((text) => parseJson(text) === undefined) : undefined;
    return wrong === undefined ? undefined : `the target ${JSON.stringify(wrong.slice(0, 60))} is not JSON`;
  },
  problems({ schema, fields }, others) {
    const problem = schema === undefined ? undefined : schemaProblem(schema);
    return [
      ...(problem === undefined ? [] : [{ message: `schema: ${problem}` }]),
      ...Object.entries(fields).flatMap(([path, config]) =>
        others
          .problems(toConfig(config))
          .map(({ message, ...rest }) => ({ ...rest, message: `fields["${path}"]: ${message}` })),
      ),
    ];
  },
  create(settings, others) {
    const check = settings.schema === undefined ? undefined : createSchemaCheck(settings.schema);
    const scorers = fieldScorers(settings, others);
    return async ({ answer, target, sample }) => {
      if (isTooDeep(answer) || target.some(isTooDeep)) return TOO_DEEP;
      const value = settings.strict || settings.reference === 'autoevals' ? parseJson(answer) : findJson(answer);
      const wanted = settings.check === 'valid' ? [] : target;
      if (value === undefined) return wanted.length > 0 ? NOT_JSON : matched(false);
      const error = check?.(value);
      if (error !== undefined) return { ...matched(false), explanation: error };
      if (wanted.length === 0)
        return matched(settings.reference === 'none' || (typeof value === 'object' && value !== null));
      const judgements: Judgement[] = [];
      for (const text of wanted) {
        const other = parseJson(text);
        if (settings.reference === 'autoevals') judgements.push(await jsonDifference(value, other));
        else judgements.push(await compareFields(value, other, { scorers, extra: settings.extra, sample }));
      }
      return bestOf(judgements);
    };
  },
});

function toConfig(config: z.output<typeof scorerConfig>) {
  return typeof config === 'string' ? { name: config } : config;
}

function fieldScorers({ fields }: Options, others: OtherScorers): FieldScorers {
  return Object.entries(fields).map(([path, config]) => ({
    path: path.split('.'),
    scorer: others.create(toConfig(config)),
  }));
}
