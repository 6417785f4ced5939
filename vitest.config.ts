import { defineConfig } from 'vitest/config';

/** A proxy variable would send the vendors' SDKs, and with them loopback traffic, to another machine. */
const noProxy = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'].map((name) => [name, '']),
);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { ...noProxy, NO_PROXY: '127.0.0.1,localhost' },
    setupFiles: ['test/support/seed.ts'],
    maxWorkers: 2, // the default leaves one of two cores idle, and most of the slow tests wait for a child process
    testTimeout: 30_000,
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'] },
  },
});
