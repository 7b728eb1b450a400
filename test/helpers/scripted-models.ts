/** A loopback model that answers "yes" or "no" by a script, and a project that asks it `question <n>` for each sample. */

import { type Workspace, workspace } from './cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from './endpoint.ts';

/** What the model does with a question; `repeat` counts how often it was asked before. */
export type Behaviour = (question: number, repeat: number) => 'yes' | 'no' | 'error';

export interface ScriptedProject extends AsyncDisposable {
  readonly folder: Workspace;
  readonly endpoint: Endpoint;
  behave(behaviour: Behaviour): void;
}

export interface ProjectOptions {
  readonly samples?: number;
  /** More lines of the configuration. */
  readonly config?: string;
  readonly models?: readonly string[];
}

export function manifest(samples: number, prompt = 'question'): string {
  const rows = Array.from({ length: samples }, (_, index) => `s${index},${prompt} ${index},yes`);
  return `id,prompt,target\n${rows.join('\n')}\n`;
}

function config(url: string, more = '', models: readonly string[] = ['m']): string {
  const entries = models.map(
    (id) =>
      `  - {id: ${id}, provider: openai, endpoint: "${url}/v1", model: any-${id}, auth: {type: none}, limits: {retries: 0}, price: {promptPerMillion: 1, completionPerMillion: 2}}`,
  );
  return `name: scripted\ndataset: manifest.csv\nmodels:\n${entries.join('\n')}\nscorers: [exact]\nreporters: [csv]\n${more}`;
}

export async function scriptedProject({
  samples = 20,
  config: more,
  models,
}: ProjectOptions = {}): Promise<ScriptedProject> {
  let behaviour: Behaviour = () => 'yes';
  const asked = new Map<number, number>();
  const endpoint = await startEndpoint(({ body }) => {
    const question = Number(/question (\d+)/.exec(body)?.[1] ?? 0);
    const repeat = asked.get(question) ?? 0;
    asked.set(question, repeat + 1);
    const answer = behaviour(question, repeat);
    if (answer === 'error') return { status: 500, json: { error: { message: 'down' } } };
    const usage = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 };
    return { json: chatCompletion(answer, { usage }) };
  });
  const folder = workspace({
    'manifest.csv': manifest(samples),
    'earsight.config.yaml': config(endpoint.url, more, models),
  });
  return {
    folder,
    endpoint,
    behave(next) {
      behaviour = next;
    },
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]();
      await endpoint.close();
    },
  };
}
