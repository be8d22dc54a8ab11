import { defineConfig } from 'vitest/config';
import DemoFirst from './test/sequencer.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/bench/**', 'node_modules/**'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    sequence: { sequencer: DemoFirst },
    // A file that asks for the demo and does not find it waits until it is made.
    hookTimeout: 240_000,
    maxWorkers: 2,
    // Polling waits for what a browser or a server will show; how fast it does is measured elsewhere.
    expect: { poll: { timeout: 20_000 } },
  },
});
