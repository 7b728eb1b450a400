// Vitest would otherwise take the configuration of a folder above.
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['*.test.mjs'] } });
