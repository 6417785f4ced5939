import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Host } from '../../src/contract/host.ts';
import { serve } from '../../src/server/host.ts';

const open: Host[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** What a client hears that sends this much and then nothing more, until it is hung up on. */
async function heard(words: string): Promise<string> {
  const echo = { prefix: '/echo', fetch: async (request: Request) => new Response(await request.text()) };
  const host = await serve({ mounts: [echo], patience: { headMs: 100, wholeMs: 200, everyMs: 20 } });
  open.push(host);
  const socket = connect(host.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.write(words);
  await once(socket, 'close');
  return text;
}

describe('a client that does not come to the point', () => {
  it.each([
    ['in its headers', 'POST /echo HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['in its body', 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'],
    ['in a body of unknown length', 'POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
    [
      'in its second request',
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc',
    ],
  ])('%s is told so and let go', async (_, words) => {
    expect(await heard(words)).toMatch(/HTTP\/1\.1 408 /);
  });
});
