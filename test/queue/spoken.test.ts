import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { JournalEntry } from '../../src/journal/journal-line.ts';
import { soundFile } from '../../src/journal/sounds.ts';
import { keepSounds, soundsOf } from '../../src/queue/sent-sounds.ts';
import { workspace } from '../helpers/cli.ts';
import { startEndpoint } from '../helpers/endpoint.ts';
import { wavBytes } from '../helpers/media.ts';
import { NO_REDIS, startRedis } from '../helpers/redis.ts';
import { readRows } from '../helpers/tables.ts';
import { completedResult } from '../helpers/results.ts';

vi.setConfig({ testTimeout: 120_000 });

const clip = wavBytes({ seconds: 0.1, seed: 4 });
const SOUND = {
  sha256: createHash('sha256').update(clip).digest('hex'),
  mediaType: 'audio/wav',
  byteLength: clip.length,
  seconds: 0.1,
};

