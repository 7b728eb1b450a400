// The same cells through promptfoo, installed from the registry into a temporary folder: only when somebody asks for it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { measure } from './harness.mjs';

/** Returns figures of one run; `work` is a scratch folder that keeps the installation. */
export async function runPromptfoo(work, url, cells) {
  const config = {
    prompts: ['{{question}}'],
    providers: [{ id: 'openai:chat:bench', config: { apiBaseUrl: `${url}/v1`, apiKey: 'none' } }],
    tests: Array.from({ length: cells }, (_, index) => ({
      vars: { question: `What is the capital of France? (${index})` },
      assert: [{ type: 'equals', value: 'Paris' }],
    })),
  };
  writeFileSync(work.path('promptfooconfig.json'), JSON.stringify(config));
  const argv = ['eval', '-c', 'promptfooconfig.json', '-j', '64', '--no-cache', '--no-table', '--no-progress-bar'];
  return measure([work.path('node_modules/promptfoo/dist/src/entrypoint.js'), ...argv, '-o', 'out.json'], {
    cwd: work.directory,
    env: {
      PROMPTFOO_CONFIG_DIR: work.path('config'),
      PROMPTFOO_DISABLE_TELEMETRY: '1',
      PROMPTFOO_DISABLE_UPDATE: '1',
      PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
    },
  });
}

export function installPromptfoo(work) {
  writeFileSync(work.path('package.json'), '{"private": true}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', 'promptfoo'], {
    cwd: work.directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
