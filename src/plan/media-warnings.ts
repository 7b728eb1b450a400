/** Finds media that can be sent but may not be what a model should get: images that are not upright, clips that lack their last bytes or are silent. */

import { HashSet64 } from '../collections/hash-set-64.ts';
import { withByteSource } from '../media/byte-source.ts';
import { rotatedMessage, shortMessage } from '../tokens/estimate.ts';
import { bytesOf, type ReadFacts } from '../tokens/read-media-facts.ts';
import { isSilentWave } from '../tokens/wave-silence.ts';
import type { Media, Sample } from '../types.ts';
import type { PlannedRequest } from './planned-request.ts';

type Kind = 'rotated' | 'short' | 'silent';

interface Found {
  readonly message: string;
  readonly modelId: string;
  count: number;
}

/** Counts, of each kind, the media of the first model that is sent any. */
export function createMediaWarnings(readFacts: ReadFacts) {
  const found = new Map<Kind, Found>();
  const isSilent = createSilenceCheck();
  const note = (kind: Kind, message: string, modelId: string) => {
    const first = found.get(kind) ?? { message, modelId, count: 0 };
    if (first.modelId === modelId) first.count += 1;
    found.set(kind, first);
  };
  return {
    async add(requests: readonly PlannedRequest[]): Promise<void> {
      for (const { sample, model, conversation, unsupported } of requests) {
        if (unsupported !== null) continue;
        for (const { content } of [...conversation.messages, ...conversation.followUps])
          for (const part of content) {
            if (part.type === 'text') continue;
            const facts = await readFacts(part.media);
            const { uri } = part.media;
            if (facts?.type === 'image' && facts.orientation !== 1 && model.media?.image === undefined)
              note('rotated', rotatedMessage(uri, facts.orientation), model.id);
            if (facts?.type === 'audio' && facts.lacks !== undefined)
              note('short', shortMessage(uri, facts.lacks), model.id);
            if (facts?.type === 'audio' && !expectsSilence(sample) && (await isSilent(part.media)))
              note('silent', `${uri}: the clip is silent · if that is meant, give it an empty target ("")`, model.id);
          }
      }
    },
    /** One sentence of each kind, as `estimate` says it. */
    sentences: () =>
      [...found.values()].map(({ message, count }) => (count === 1 ? message : `${message} (and ${count - 1} more)`)),
  };
}

/** Whether the transcript of silence is an acceptable answer. */
const expectsSilence = ({ target, turns }: Sample) => [target, ...turns.map((turn) => turn.target)].flat().includes('');

/** Whether a clip is a silent WAV file; each is read once, up to its first sound. Other forms would have to be decoded. */
function createSilenceCheck(): (media: Media) => Promise<boolean> {
  const checked = new HashSet64();
  return async (media) => {
    if (media.type === 'url' || media.mediaType !== 'audio/wav') return false;
    const known = checked.get(media.sha256);
    if (known !== undefined) return known === 1;
    const silent = await bytesOf(media)
      .then((bytes) => withByteSource(bytes, isSilentWave))
      .catch(() => false);
    checked.add(media.sha256, silent ? 1 : 0);
    return silent;
  };
}
