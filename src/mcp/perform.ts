import type { ErrorJson } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { RunReport } from '../contract/receipt.ts';
import { askApproval, askConnection, type Consent, consentOf, waitForConnection } from './consent.ts';
import { readCursor } from './cursor.ts';
import { type Detail, doneResult } from './outcome.ts';
import { askedAt, BEGINNING } from './page.ts';
import { failed } from './results.ts';
import type { OperationFacts, Services } from './services.ts';
import type { ToolRequest, ToolResult } from './tool.ts';

/** How a call is made, beside what it says. */
export interface Wishes {
  readonly via?: string;
  readonly idempotencyKey?: string;
  readonly dryRun?: boolean;
  readonly detail?: Detail;
  readonly cursor?: string;
}

/**
 * Runs one operation for an agent. Where a person has to consent or to connect first, and the client can ask them, the question is
 * the result; the client then repeats the call with the answer. Throws RouterError.
 */
export async function perform(
  services: Services,
  { operation, input, wishes }: { readonly operation: string; readonly input: JsonObject; readonly wishes: Wishes },
  request: ToolRequest,
): Promise<ToolResult> {
  const facts = await services.describe(operation);
  const call = services.fingerprint(facts.operation, { input, via: wishes.via ?? null });
  const place = wishes.cursor === undefined ? BEGINNING : readCursor(wishes.cursor, call);
  const asked = pageSized(facts, askedAt(input, place), wishes);
  const consent = consentOf(request, call);
  if (consent.refusal) return failed({ ...consent.refusal, details: { operation: facts.operation } }, consent.refusal.next);
  if (consent.linked !== undefined && consent.opened)
    await waitForConnection(services, { app: appOf(facts.operation), backend: consent.linked }, request);
  const report = await run(services, facts.operation, asked, { ...wishes, approved: consent.approved }, request);
  if (report.ok)
    return doneResult({ facts, call, asked, place, data: report.data, receipt: report.receipt, detail: wishes.detail ?? 'concise' });
  return (await question(report.error, { facts, call, input, consent }, request)) ?? failed(report.error);
}

/** A question to the person by which the call could go on, unless they were asked it already. */
function question(
  { code, details }: ErrorJson,
  { facts, call, input, consent }: Readonly<{ facts: OperationFacts; call: string; input: JsonObject; consent: Consent }>,
  request: ToolRequest,
): Promise<ToolResult | undefined> {
  if (code === 'approval_required' && !consent.approved) return askApproval({ facts, call, input }, request);
  if (code === 'connection_required' && consent.linked === undefined)
    return askConnection(details['connect'], { call, approved: consent.approved }, request);
  return Promise.resolve(undefined);
}

function appOf(operation: string): string {
  return operation.split('.')[0] ?? operation;
}

function run(
  services: Services,
  operation: string,
  input: JsonObject,
  { via, idempotencyKey, dryRun, approved }: Wishes & { readonly approved: boolean },
  { caller, signal, progress }: ToolRequest,
): Promise<RunReport> {
  return services.run(operation, input, {
    ...caller,
    signal,
    approved,
    onWait: (why, ms) => progress(`waiting ${(ms / 1000).toFixed(1)} s: ${why}`),
    ...(via === undefined ? {} : { via }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(dryRun === undefined ? {} : { dryRun }),
  });
}

const PAGE_ROWS = 20;

/** Who asks for no number of rows gets few: more would be read at the app, and then cut off here. */
function pageSized({ effect, input: schema }: OperationFacts, input: JsonObject, { detail }: Wishes): JsonObject {
  const properties = schema['properties'];
  const isPaged = effect === 'read' && typeof properties === 'object' && properties !== null && 'limit' in properties;
  return isPaged && detail !== 'detailed' && input['limit'] === undefined ? { ...input, limit: PAGE_ROWS } : input;
}
