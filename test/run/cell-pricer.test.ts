import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';

const PRICE = '{promptPerMillion: 1, completionPerMillion: 1, tiers: [{abovePromptTokens: 100, promptPerMillion: 10}]}';
const answer = (promptTokens: number) => ({
  json: chatCompletion('yes', { usage: { prompt_tokens: promptTokens, completion_tokens: 10 } }),
});

test('each request of a conversation is priced at the rates for its own length, also in a replay', async () => {
  await using endpoint = await startEndpoint();
  endpoint.script([answer(60), answer(90)]);
  using folder = workspace({
    'manifest.jsonl': `${JSON.stringify({ id: 't', turns: [{ prompt: 'Is it?' }, { prompt: 'Still?' }] })}\n`,
    'earsight.config.yaml': `dataset: manifest.jsonl
models: [{id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}, price: ${PRICE}}]
`,
  });

  await folder.run(['run', '--out', 'out']);

  await folder.run(['run', '--replay', 'out', '--out', 'again']);

  for (const run of ['out', 'again']) {
    const [row] = parse(folder.read(`${run}/results.csv`), { columns: true });
    expect(row).toMatchObject({ prompt_tokens: '150', cost_usd: '0.00017' });
  }
});
