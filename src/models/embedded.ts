/** Says which models the embedded endpoint serves. */

/** What tells it. */
interface EmbeddedFacts {
  readonly provider: string;
  readonly dialect?: string | undefined;
}

/** Whether a model is one of the embedded endpoint, for conversations or for transcription. */
export function isEmbedded({ provider, dialect }: EmbeddedFacts): boolean {
  return provider === 'local' || (provider === 'transcription' && dialect === 'local');
}
