import type { RunningSandbox, Session } from '../app.ts';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';
import type { Receipt, RunReport } from '../contract/receipt.ts';

/** One line of the demo. Whatever it says was read from a real answer. */
export interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly operation?: string;
  readonly receipt?: Receipt;
  readonly note?: string;
}

/** A call of the story: its report, and the step that tells of it. */
interface Told {
  readonly step: Step;
  readonly report: RunReport;
}

type Expectation = (report: RunReport) => { readonly ok: boolean; readonly note?: string };

const APP = 'close';

/** The public skill's six tasks, with a change of connection half-way. Each step is given when it has happened. */
export async function* demoSteps(session: Session, sandbox: RunningSandbox): AsyncGenerator<Step> {
  const tell = teller(session);
  yield await connected(session);

  const lead = await tell('create a lead', 'lead.create', { name: 'Northpine Logistics', contacts: [INGRID] });
  yield lead.step;
  const leadId = idOf(lead.report);

  const custom = await customField(session);
  yield (await tell('a lead with custom fields', 'lead.create', { name: 'Fjordline Freight', custom }, leavesTheTool)).step;

  const call = await tell('log a call', 'call.log', {
    lead_id: leadId,
    direction: 'outbound',
    duration: 184,
    note: 'Confirmed budget owner.',
  });
  yield call.step;
  yield (
    await tell('send an SMS', 'sms.send', { lead_id: leadId, ...(await phones(session)), text: 'Hi Ingrid, the agreement is on its way.' })
  ).step;

  const first = lead.report.receipt?.route;
  yield await expire(session, sandbox, first);
  const elsewhere = movedFrom(first?.backend);
  yield (await tell('create a task', 'task.create', { lead_id: leadId, text: 'Send the pilot agreement', date: '2030-03-09' }, elsewhere))
    .step;
  const note = await tell('write a note', 'note.create', { lead_id: leadId, note: 'Wants a pilot before the board meeting.' }, elsewhere);
  yield note.step;
  yield (await tell('get the note', 'note.get', { note_id: idOf(note.report) }, elsewhere)).step;
  yield (await tell('delete the call', 'call.delete', { call_id: idOf(call.report) }, elsewhere)).step;

  const refused = await tell('a user without a connection', 'lead.list', { limit: 1 }, offersLink, GUEST);
  yield refused.step;
  yield await opensLink(session, sandbox, linkIn(refused.report));
  yield (await tell('the same call again', 'lead.list', { limit: 1 }, succeeded, GUEST)).step;
}

const GUEST = 'grace';

const INGRID = { name: 'Ingrid Solheim', emails: [{ email: 'ingrid@northpine.example', type: 'office' }] };

type Tell = (step: string, operation: string, input: JsonObject, expected?: Expectation, user?: string) => Promise<Told>;

function teller({ router, user: ada }: Session): Tell {
  return async (step, operation, input, expected = succeeded, user = ada) => {
    const name = `${APP}.${operation}`;
    const report = await router.run(name, input, { user });
    const { ok, note } = expected(report);
    const known = { step, ok, operation: name, ...(report.receipt ? { receipt: report.receipt } : {}) };
    return { step: note === undefined ? known : { ...known, note }, report };
  };
}

function succeeded(report: RunReport): ReturnType<Expectation> {
  return report.ok ? { ok: true } : { ok: false, note: report.error.message };
}

/** Composio's tool has no custom fields: the same connection's proxy has to carry them. */
function leavesTheTool(report: RunReport): ReturnType<Expectation> {
  const verdict = report.receipt?.verdicts.find(({ reason }) => reason === 'unsupported_fields');
  if (!report.ok || !verdict) return { ok: false, note: report.ok ? 'no tool was ruled out' : report.error.message };
  return {
    ok: report.receipt.route?.transport !== 'tool',
    note: `${verdict.backend}'s ${verdict.transport} cannot carry ${verdict.detail}; the ${report.receipt.route?.transport} of ${report.receipt.route?.backend} can`,
  };
}

function movedFrom(backend: string | undefined): Expectation {
  return (report) => {
    if (!report.ok) return succeeded(report);
    const { route, attempts, verdicts } = report.receipt;
    const refused = attempts.find((attempt) => attempt.backend === backend);
    const verdict = verdicts.find((one) => one.backend === backend && one.reason !== 'alternative');
    const why = refused ? `${backend} answered ${refused.code}` : `${backend}: ${verdict?.reason} ${verdict?.detail ?? ''}`.trim();
    return { ok: route !== undefined && route.backend !== backend, note: `${why}; moved to ${route?.backend}` };
  };
}

function offersLink(report: RunReport): ReturnType<Expectation> {
  if (report.ok) return { ok: false, note: 'a user without a connection was served' };
  const url = linkIn(report);
  return { ok: report.error.code === 'connection_required' && url !== undefined, note: `${report.error.code}: open ${url ?? '(no link)'}` };
}

/** The first link that the refusal offers. */
function linkIn(report: RunReport): string | undefined {
  const links = report.ok ? undefined : report.error.details['connect'];
  return (Array.isArray(links) ? links : []).map((link) => stringAt(link, 'url')).find((found) => found !== undefined);
}

/** What the user does in a browser; then the router sees for itself that the connection is usable. */
async function opensLink({ router }: Session, sandbox: RunningSandbox, link: string | undefined): Promise<Step> {
  const step = `${GUEST} opens the link`;
  if (link === undefined) return { step, ok: false, note: 'there is no link' };
  sandbox.complete(link);
  const usable = await router.connections.wait({ app: APP, user: GUEST, timeoutMs: 10_000 }, () => undefined);
  return { step, ok: usable.status === 'active', note: `${usable.backend} ${usable.id} is ${usable.status}` };
}

async function connected({ router, user }: Session): Promise<Step> {
  const { connections, failed } = await router.connections.check({ app: APP, user });
  const backends = connections.map(({ backend, connection }) => `${backend} ${connection}`).join(', ');
  const accounts = new Set(connections.map(({ account }) => account));
  return {
    step: 'connections',
    ok: failed === 0 && connections.length >= 2 && accounts.size === 1,
    note: `${user} is connected over ${backends}, all as ${[...accounts].join(', ')}`,
  };
}

/** Half-way: the connection in use expires at its backend, behind the router's back. */
async function expire(session: Session, sandbox: RunningSandbox, route: Receipt['route']): Promise<Step> {
  const step = 'the connection in use expires';
  if (!route) return { step, ok: false, note: 'no connection is in use' };
  const { status } = sandbox.change(route.backend, route.connection, { status: 'expired' });
  return {
    step,
    ok: status === 'expired',
    note: `${route.backend} ${route.connection} of ${session.user} is ${status} from now on; nobody told the router`,
  };
}

/** A value for the account's first text field of leads. */
async function customField(session: Session): Promise<JsonObject> {
  const fields = await read(session, 'custom_field_lead.list', {});
  const text = fields.find((field) => stringAt(field, 'type') === 'text') ?? fields[0];
  return { [stringAt(text, 'id') ?? 'cf_none']: 'Trade fair' };
}

async function phones(session: Session): Promise<JsonObject> {
  const numbers = await read(session, 'phone_number.list', {});
  return { local_phone: stringAt(numbers[0], 'number') ?? '', remote_phone: '+14155550132' };
}

/** What the story has to know before it can go on; a refusal shows in the step that needs it. */
async function read({ router, user }: Session, operation: string, input: JsonObject): Promise<readonly unknown[]> {
  const report = await router.run(`${APP}.${operation}`, input, { user });
  return report.ok && isObject(report.data) && Array.isArray(report.data['data']) ? report.data['data'] : [];
}

function idOf(report: RunReport): string {
  return (report.ok ? stringAt(report.data, 'id') : undefined) ?? 'missing';
}
