#!/usr/bin/env node
/** `node:sqlite`, type stripping and `Promise.withResolvers` set the floor; see `engines` in package.json. */
const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map(Number);

if (major * 1_000_000 + minor * 1_000 + patch < 22_022_003) {
  process.stderr.write(
    `skillrouter needs Node.js 22.22.3 or newer; this is ${process.versions.node}. Install it from https://nodejs.org.\n`,
  );
  process.exitCode = 2;
} else {
  const { main } = await import('./main.ts');
  await main(process.argv.slice(2));
}

export {};
