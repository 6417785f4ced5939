import { type IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Line } from '../contract/host.ts';

export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;

/** The line under one answer. `release`: nobody has to wait for this answer when the port closes. */
export function lineOf(outgoing: Outgoing, release: () => void): Line {
  return {
    reset: () => drop(outgoing),
    hang: release,
    half: async (response) => {
      const body = Buffer.from(await response.arrayBuffer());
      if (body.length === 0) drop(outgoing);
      else sendHalf(outgoing, response, body);
    },
  };
}

function sendHalf(outgoing: Outgoing, response: Response, body: Buffer): void {
  const head = { ...Object.fromEntries(response.headers), 'content-length': body.length };
  const half = body.subarray(0, Math.ceil(body.length / 2));
  if (outgoing instanceof ServerResponse) {
    outgoing.writeHead(response.status, head);
    // Not a reset: that could overtake the half that was sent.
    outgoing.write(half, () => outgoing.socket?.destroy());
    return;
  }
  outgoing.writeHead(response.status, head);
  outgoing.write(half, () => drop(outgoing));
}

function drop(outgoing: Outgoing): void {
  if (outgoing instanceof ServerResponse) outgoing.socket?.resetAndDestroy();
  else outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}
