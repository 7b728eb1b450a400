/** Models that the command line names as `provider:model`, beside those of the configuration or instead of one. */

import { InputError, type Problem } from '../../errors.ts';
import { PROVIDERS, providerNamed } from '../../providers/registry.ts';
import { isRecord } from '../../text/is-record.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { quote } from '../../text/quote.ts';
import { baseModelId } from '../select-models.ts';
import { membersOf, type TreePath, valueAt } from '../tree-problem.ts';

/** What the command line says of models. */
export interface NamedModels {
  /** Ids of the configuration, or `provider:model`. */
  readonly models?: readonly string[] | undefined;
  /** The URL of those that are named as `provider:model`. */
  readonly endpoint?: string | undefined;
}

interface NamedModel {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly endpoint?: string;
}

/** `openai:gpt-5-mini` as an entry of `models`; undefined without a provider that is known. */
function namedModel(id: string): NamedModel | undefined {
  const colon = id.indexOf(':');
  const provider = id.slice(0, Math.max(0, colon));
  const model = id.slice(colon + 1);
  return providerNamed(provider) === undefined || model === '' ? undefined : { id, provider, model };
}

/**
 * The configuration with the models of the command line that it lacks.
 * @throws {InputError} for an endpoint that belongs to none of them, or to models of several providers.
 */
export function withNamedModels(tree: unknown, { models = [], endpoint }: NamedModels): unknown {
  const own = membersOf(valueAt(tree, ['models'])).map(([, entry]) => (isRecord(entry) ? entry['id'] : undefined));
  const named = [...new Set(models)].flatMap((id) => {
    const isOwn = own.includes(id) || own.includes(baseModelId(id));
    return isOwn ? [] : (namedModel(id) ?? []);
  });
  const remote = [...new Set(named.map(({ provider }) => provider).filter((provider) => provider !== 'local'))];
  if (endpoint !== undefined && remote.length !== 1) throw new InputError(endpointProblem(remote));
  if (named.length === 0 || !isRecord(tree)) return tree;
  const entries = named.map((model) =>
    endpoint === undefined || model.provider === 'local' ? model : { ...model, endpoint },
  );
  const written = tree['models'];
  return { ...tree, models: [...(Array.isArray(written) ? written : []), ...entries] };
}

function endpointProblem(remote: readonly string[]): Problem {
  if (remote.length === 0)
    return {
      message: '--endpoint belongs to a model that is named with its provider',
      hint: 'for example --model azure:<deployment>; models of a configuration have their endpoint there',
    };
  return {
    message: `--endpoint is one URL, and --model names models of ${remote.length} providers: ${remote.join(', ')}`,
    hint: 'write a configuration with the endpoint of each (earsight init)',
  };
}

/** The configuration of a run that has none: the dataset and the models of the command line. Undefined when it names no model with a provider. */
export function configOfCommandLine(dataset: string | undefined, { models = [] }: NamedModels): string | undefined {
  if (dataset === undefined || !models.some((id) => id.includes(':'))) return undefined;
  const unknown = models.filter((id) => namedModel(id) === undefined);
  if (unknown.length > 0) throw new InputError(unknown.map(unknownModel));
  return JSON.stringify({ dataset, models: [] });
}

/** What to do about `--model` without a configuration. */
function unknownModel(id: string): Problem {
  const [provider = '', ...rest] = id.split(':');
  const nearest = rest.length === 0 ? undefined : nearestName(provider, Object.keys(PROVIDERS));
  return {
    message: `--model ${quote(id)} has no known provider, and there is no configuration`,
    hint:
      nearest === undefined
        ? `write provider:model, with one of ${Object.keys(PROVIDERS).join(', ')}`
        : `did you mean "${nearest}:${rest.join(':')}"?`,
  };
}

/** The place of a problem of a model that only the command line names; undefined for any other place. */
export function namedModelAt(path: TreePath, written: unknown, tree: unknown): string | undefined {
  if (path[0] !== 'models' || path[1] === undefined) return undefined;
  const id = valueAt(tree, ['models', path[1], 'id']);
  const isWritten = valueAt(written, ['models', path[1]]) !== undefined;
  return isWritten || typeof id !== 'string' ? undefined : `--model ${id}`;
}
