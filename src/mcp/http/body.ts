import { isJsonContentType } from '@modelcontextprotocol/server';
import { refused } from './refusals.ts';

export interface BodyLimits {
  readonly bytes: number;
  /** From the first look at the body to its end. */
  readonly ms: number;
  /** Messages that an earlier revision may put into one request. */
  readonly messages: number;
}

export const BODY_LIMITS: BodyLimits = { bytes: 4 * 1024 * 1024, ms: 20_000, messages: 20 };

/** The message, or the messages, of a POST; or why it is not read any further. */
export async function readBody(
  request: Request,
  limits: BodyLimits = BODY_LIMITS,
): Promise<{ readonly value: unknown; readonly messages: number } | Response> {
  if (!isJsonContentType(request.headers.get('content-type'))) return refused(415, 'the content type must be application/json');
  if (Number(request.headers.get('content-length') ?? 0) > limits.bytes) {
    // A client that is still writing would see a broken connection instead of the answer.
    await inTime(readText(request, DRAIN_FACTOR * limits.bytes), limits.ms);
    return tooLarge(limits);
  }
  const text = await inTime(readText(request, limits.bytes), limits.ms);
  if (text === 'late') return refused(408, 'the request did not arrive in time', CLOSE);
  if (text === 'large') return tooLarge(limits);
  const value = parsed(text.text);
  if (value === undefined) return refused(400, 'the request is not JSON');
  const messages = Array.isArray(value) ? value.length : 1;
  return messages > limits.messages ? refused(413, `at most ${limits.messages} messages in one request`) : { value, messages };
}

/** A body this much over the limit is not even read to its end. */
const DRAIN_FACTOR = 4;

/** Who goes on sending is not listened to any more. */
const CLOSE = { connection: 'close' };

function tooLarge({ bytes }: BodyLimits): Response {
  return refused(413, `the request is larger than ${bytes} bytes`, CLOSE);
}

async function readText(request: Request, most: number): Promise<{ readonly text: string } | 'large'> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > most) return 'large';
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString('utf8') };
}

function inTime<Value>(work: Promise<Value>, ms: number): Promise<Value | 'late'> {
  const { promise, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(resolve, ms, 'late');
  // Whoever is late is answered; that its connection then breaks is nobody's error.
  const guarded = work.catch((): 'late' => 'late');
  return Promise.race([guarded, promise]).finally(() => clearTimeout(timer));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
