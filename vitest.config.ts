import { defineConfig } from 'vitest/config';
import DemoLast from './test/sequencer.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/bench/**', 'node_modules/**'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    sequence: { sequencer: DemoLast },
    // A file that asks for the demo waits until it is made.
    hookTimeout: 240_000,
    maxWorkers: 2,
    // Polling waits for what a browser or a server will show; how fast it does is measured elsewhere.
    expect: { poll: { timeout: 20_000 } },
  },
});
