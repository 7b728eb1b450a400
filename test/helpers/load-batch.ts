/** Loads the modules of a submission and a collection, so that no test waits for them on a busy machine. */

import { startVendor } from './batch-vendor.ts';
import { workspace } from './cli.ts';

export const LOADING_MS = 300_000;

export async function loadBatch(): Promise<void> {
  await using vendor = await startVendor();
  using files = workspace({
    'manifest.csv': 'id,prompt,target\na,red,red\n',
    'earsight.config.yaml': `dataset: manifest.csv
models: [{id: m, provider: openai, endpoint: "${vendor.endpoint.url}/v1", model: gpt-4o-mini, auth: {type: none}}]
scorers: [exact]
reporters: [csv]
`,
  });
  await files.run(['batch', 'submit', 'night']);
  vendor.end();
  await files.run(['batch', 'collect', 'night']);
}
