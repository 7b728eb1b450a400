/** Lists all providers by the name in a configuration. A new one is one file and one line here. */

import { anthropic } from './anthropic.ts';
import { azure } from './azure.ts';
import { google } from './google.ts';
import { local } from './local.ts';
import { openai } from './openai.ts';
import type { Provider } from './provider.ts';

export const PROVIDERS = { azure, openai, anthropic, google, local } as const satisfies Record<string, Provider>;

export type ProviderName = keyof typeof PROVIDERS;
