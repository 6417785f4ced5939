import { describe, expect, it } from 'vitest';
import { SCALEKIT_ERRORS } from '../../adapters/scalekit/error-table.ts';
import { readGateway, rowOf, writeOwn, writeTool } from '../../adapters/scalekit/errors.ts';
import { ERRORS, type ErrorCode, RouterError } from '../../src/contract/errors.ts';
import { refusal, scripted, TOOL } from './scalekit-server.ts';

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

/** gRPC code · from Scalekit itself · from the app behind the tool. */
const ROWS: readonly (readonly [name: string, code: number, own: readonly string[], tool: readonly string[]])[] = [
  ['canceled', 1, ['backend_unavailable', 'unknown'], ['backend_unavailable', 'unknown']],
  ['unknown', 2, ['backend_unavailable', 'unknown'], ['backend_unavailable', 'unknown']],
  ['invalid_argument', 3, ['invalid_input', 'not-sent'], ['rejected', 'answered']],
  ['deadline_exceeded', 4, ['timeout', 'unknown'], ['timeout', 'unknown']],
  ['not_found', 5, ['unsupported_operation', 'not-sent'], ['not_found', 'answered']],
  ['already_exists', 6, ['conflict', 'not-sent'], ['conflict', 'answered']],
  ['permission_denied', 7, ['permission_denied', 'not-sent'], ['permission_denied', 'answered']],
  ['resource_exhausted', 8, ['rate_limited', 'answered'], ['rate_limited', 'answered']],
  ['failed_precondition', 9, ['connection_required', 'not-sent'], ['rejected', 'answered']],
  ['aborted', 10, ['conflict', 'unknown'], ['conflict', 'answered']],
  ['out_of_range', 11, ['invalid_input', 'not-sent'], ['rejected', 'answered']],
  ['unimplemented', 12, ['unsupported_operation', 'not-sent'], ['unsupported_operation', 'answered']],
  ['internal', 13, ['backend_unavailable', 'unknown'], ['backend_unavailable', 'unknown']],
  ['unavailable', 14, ['backend_unavailable', 'unknown'], ['backend_unavailable', 'unknown']],
  ['data_loss', 15, ['backend_unavailable', 'unknown'], ['backend_unavailable', 'unknown']],
  ['unauthenticated', 16, ['unauthenticated', 'not-sent'], ['unauthenticated', 'answered']],
];

describe('a refusal over gRPC', () => {
  it('has a row for every code that there is', () => {
    expect(SCALEKIT_ERRORS.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual(ROWS.map(([, code]) => code));
    expect(ROWS.map(([name, code]) => rowOf(code).name === name)).not.toContain(false);
  });

  it.each(ROWS)('%s of Scalekit itself is told as such, after one write on the wire', async (_, code, [ours, delivery]) => {
    await using scalekit = await scripted({ tools: { executeTool: () => Promise.reject(refusal(code)) } });
    const reply = await scalekit.adapter().invoke(TOOL, soon());
    expect(reply).toMatchObject({ kind: 'failed', failure: { code: ours, delivery, origin: 'backend' } });
    // A refused token was refused before the tool ran, and is the one thing worth a second try.
    expect(scalekit.rpcs).toHaveLength(code === 16 ? 2 : 1);
  });

  it.each(ROWS)('%s with TOOL_ERROR is the app’s, and is never sent again', async (_, code, __, [ours, delivery]) => {
    await using scalekit = await scripted({ tools: { executeTool: () => Promise.reject(refusal(code, { message: 'sorry' })) } });
    const reply = await scalekit.adapter().invoke(TOOL, soon());
    expect(reply).toMatchObject({ kind: 'failed', failure: { code: ours, delivery, origin: 'app' } });
    expect([scalekit.rpcs.length, scalekit.tokens.length]).toEqual([1, 1]);
  });

  it.each([
    [3, 400],
    [16, 401],
    [7, 403],
    [5, 404],
    [6, 409],
    [8, 429],
    [12, 405],
  ])('%i that passes the app’s error body on is the app’s answer, with status %i', async (code, status) => {
    const body = { 'field-errors': { name: 'is wrong' } };
    await using scalekit = await scripted({
      tools: { executeTool: () => Promise.reject(refusal(code, { message: JSON.stringify(body) })) },
    });
    expect(await scalekit.adapter().invoke(TOOL, soon())).toEqual({ kind: 'http', status, headers: {}, body });
  });

  it.each([
    ['RATE_LIMITED', 'rate_limited'],
    ['UNAUTHORIZED', 'unauthenticated'],
    ['FORBIDDEN', 'permission_denied'],
    ['TOOL_EXEC_FAILED', 'backend_unavailable'],
  ])('internal is made precise by the tool’s own %s', async (word, ours) => {
    await using scalekit = await scripted({ tools: { executeTool: () => Promise.reject(refusal(13, { code: word })) } });
    expect(await scalekit.adapter().invoke(TOOL, soon())).toMatchObject({ kind: 'failed', failure: { code: ours, origin: 'app' } });
  });

  it('never shows the message, which can hold anything', async () => {
    await using scalekit = await scripted({
      tools: { executeTool: () => Promise.reject(refusal(13, { message: 'token=secret ada@northpine.example' })) },
    });
    expect(JSON.stringify(await scalekit.adapter().invoke(TOOL, soon()))).not.toMatch(/secret|ada@/);
  });
});

describe('an error of ours, as the door gives it', () => {
  const codes = Object.keys(ERRORS).filter((code): code is ErrorCode => code in ERRORS);

  it.each(codes)('%s comes back as what it was, or as something no better', (code) => {
    const { own } = writeOwn(new RouterError(code, { what: 'w', next: 'n.' }));
    if (SCALEKIT_ERRORS.some((one) => one.own.ours === code)) expect(own.ours).toBe(code);
    expect(ERRORS[own.ours].http >= 400).toBe(true);
  });

  it('of unknown outcome is none that the SDK repeats by itself', () => {
    const { name } = writeOwn(new RouterError('outcome_unknown', { what: 'w', next: 'n.' }));
    expect(['unavailable', 'unauthenticated']).not.toContain(name);
  });

  it.each([400, 401, 403, 404, 405, 409, 415, 422, 429])('of the app with status %i is a refusal, not a failure', (status) => {
    expect(writeTool(status).tool.delivery).toBe('answered');
  });

  it.each([500, 502, 503, 504])('of the app with status %i leaves the outcome open', (status) => {
    expect(writeTool(status).tool.delivery).toBe('unknown');
  });
});

describe('the body of a proxied answer', () => {
  it.each([
    ['the app’s', 400, { error: 'no', 'field-errors': {} }, undefined],
    ['the gateway’s', 403, { code: 7, message: 'proxy not enabled for provider', details: [] }, { code: 7 }],
    ['one that imitates it in a success', 200, { code: 7, message: 'm', details: [] }, undefined],
    ['one with a code of another kind', 400, { code: 'E1', message: 'm', details: [] }, undefined],
    ['text', 502, '<html>', undefined],
  ])('is %s', (_, status, body, refused) => {
    expect(readGateway(status, body)).toEqual(refused);
  });
});
