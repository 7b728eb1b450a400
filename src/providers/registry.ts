/** Lists all providers by the name in a configuration. A new one is one file and one line here. */

import { InputError } from '../errors.ts';
import { anthropic } from './anthropic.ts';
import { azure } from './azure.ts';
import { google } from './google.ts';
import { local } from './local.ts';
import { openai } from './openai.ts';
import type { Provider } from './provider.ts';
import { transcription } from './transcription.ts';
import { type UserProvider, userProvider } from './user-provider.ts';

export const PROVIDERS = { azure, openai, anthropic, google, transcription, local } as const satisfies Record<
  string,
  Provider
>;

export type ProviderName = keyof typeof PROVIDERS;

/** Of the configuration or program that was read last; a run that has started keeps its own. */
const userProviders = new Map<string, Provider>();

/** Makes a user's provider known by a name. @throws {InputError} for the name of one of ours. */
export function addProvider(name: string, definition: UserProvider): void {
  if (Object.hasOwn(PROVIDERS, name))
    throw new InputError({ message: `there is a provider "${name}" already`, hint: 'rename yours' });
  userProviders.set(name, userProvider(definition));
}

/** One of ours, or of the user's; undefined for an unknown name. */
export function providerNamed(name: string): Provider | undefined {
  const providers: Readonly<Record<string, Provider>> = PROVIDERS;
  return Object.hasOwn(providers, name) ? providers[name] : userProviders.get(name);
}
