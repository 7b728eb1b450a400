/** Says who serves a model: a date or a limit of one host does not hold for another. */

import { isEmbedded } from './embedded.ts';

/** A host whose dates and limits are known. */
export type Host = 'azure' | 'openai' | 'anthropic' | 'google' | 'local';

/** A model as a configuration or a journal names it. */
export interface NamedModel {
  readonly provider: string;
  /** The name on the wire. */
  readonly model: string;
  /** URL, as configured or as called; it may contain `${NAME}`. Absent = the vendor's own. */
  readonly endpoint?: string;
  /** Of `provider: transcription`. */
  readonly dialect?: string;
}

/** The vendors' own endpoints. */
const OWN_HOSTS: Readonly<Record<string, Host>> = {
  'api.openai.com': 'openai',
  'api.anthropic.com': 'anthropic',
  'generativelanguage.googleapis.com': 'google',
};

/** Without a dialect, a transcription is OpenAI's. */
const OWN_PROVIDERS: Readonly<Record<string, Host>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  transcription: 'openai',
};

/** The host that serves a model; null = another one, such as a gateway or a server of one's own. */
export function hostOf({ provider, endpoint, dialect }: Omit<NamedModel, 'model'>): Host | null {
  // A gateway in front of Azure serves Azure's models, too.
  if (isEmbedded({ provider, dialect })) return 'local';
  if (provider === 'azure') return provider;
  if (endpoint === undefined) return OWN_PROVIDERS[provider] ?? null;
  const name = /^\s*[a-z]+:\/\/([^/?#:]+)/i.exec(endpoint)?.[1]?.toLowerCase() ?? '';
  return isAzureHost(name) ? 'azure' : (OWN_HOSTS[name] ?? null);
}

/** Whether a host belongs to Azure, including sovereign clouds. */
export function isAzureHost(host: string): boolean {
  return /\.azure\.(com|us|cn)$/.test(host);
}
