import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSession } from '../../src/app.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Adapter, Reply } from '../../src/contract/adapter.ts';
import { isObject } from '../../src/contract/guards.ts';
import { openVerifying } from '../../src/verifying.ts';
import { useScratch } from '../support/scratch.ts';
import { wishOf } from './stage.ts';

const scratch = useScratch();

/** In each of them `MARKER` stands whole, or can be read out of it. */
const MARKER = 'Zq7hunter2Zq7';
const BASE64 = Buffer.from(`user:${MARKER}`).toString('base64');
const JWT = [{ alg: 'HS256' }, { sub: MARKER }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
const SECRETS: Readonly<Record<string, unknown>> = {
  authorization: `Bearer sk_live_${MARKER}`,
  api_key: `api_${MARKER}`,
  // Where words and ids stand otherwise.
  status: MARKER,
  _type: MARKER,
  direction: MARKER.toLowerCase(),
  description: `-----BEGIN PRIVATE KEY-----\n${MARKER}\n-----END PRIVATE KEY-----`,
  url: `https://ada:${MARKER}@close.example/?token=${MARKER}#${MARKER}`,
  text: JSON.stringify({ nested: JSON.stringify({ password: MARKER }) }),
  basic: BASE64,
  cookie: `session=${MARKER}; Path=/`,
  jwt: `${JWT}.${MARKER}`,
  date_created: `2026-11-01T10:00:00Z ${MARKER}`,
  lead_id: `lead_${MARKER}`,
  user_id: `${MARKER}_${MARKER}`,
  phone: 4711_0815_1234,
  [`key_${MARKER}`]: true,
  [`custom.cf_${MARKER}`]: MARKER,
  [MARKER]: { [MARKER]: [MARKER, { [`x-${MARKER}`]: MARKER }] },
  emails: [{ email: `${MARKER}@person.example`, note: `Call ${MARKER}\nat home` }],
};
const FORBIDDEN = [
  MARKER,
  MARKER.toLowerCase(),
  BASE64,
  JWT,
  Buffer.from(MARKER).toString('base64').slice(0, 14),
  '471108151234',
  'Ingrid',
  'Northpine',
  'northpine',
  'fernhill',
  '+1415555',
];

/** A backend whose answers hold secrets wherever there is room for one; one read of it fails with secrets in the error. */
function leaky(adapter: Adapter): Adapter {
  const spoil = (reply: Reply, failing: boolean): Reply => {
    if (failing)
      return {
        kind: 'http',
        status: 422,
        headers: { [`x-${MARKER}`]: MARKER, 'set-cookie': MARKER },
        body: { error: MARKER, 'field-errors': SECRETS },
      };
    if (reply.kind === 'tool') return { kind: 'tool', data: isObject(reply.data) ? planted(reply.data) : reply.data };
    if (reply.kind !== 'http' || !isObject(reply.body)) return reply;
    return {
      ...reply,
      headers: { ...reply.headers, authorization: MARKER, 'x-request-id': MARKER, 'set-cookie': `a=${MARKER}` },
      body: planted(reply.body),
    };
  };
  return {
    backend: adapter.backend,
    can: adapter.can,
    connections: async (query, signal) => (await adapter.connections(query, signal)).map((one) => ({ ...one, detail: MARKER })),
    invoke: async (call, signal) => spoil(await adapter.invoke(call, signal), false),
    request: async (call, signal) => spoil(await adapter.request(call, signal), call.path.startsWith('/status/')),
    connect: (query, signal) => adapter.connect(query, signal),
    close: () => adapter.close(),
  };
}

/** What the script goes on with stays as it is. */
function planted(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { ...SECRETS, ...body, planted: SECRETS, list: [SECRETS], [`more ${MARKER}`]: SECRETS };
}

describe('a run over backends that leak', () => {
  it('leaves no secret and nothing of a person in recording, report, receipts and journal', async () => {
    const folder = scratch();
    const store = join(folder, 'journal.db');
    const target = { app: 'close', config: undefined, user: undefined, sandbox: true };
    const wish = wishOf({
      backends: ['rest', 'scalekit'],
      operations: ['lead.*', 'contact.*', 'note.*', 'email.list', 'lead_status.*', 'me.get'],
      writes: true,
      record: join(folder, 'recording'),
      rewire: (backend) => ({ ...backend, adapter: leaky(backend.adapter) }),
    });
    const verifying = await openVerifying({ app: closeApp, open: (settings) => openSession(target, { ...settings, store }) }, wish);
    const report = await verifying.run();
    await verifying[Symbol.asyncDispose]();

    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const written = files.map(({ parentPath, name }) => ({
      name: join(parentPath, name),
      text: readFileSync(join(parentPath, name), 'latin1'),
    }));
    expect(written.some(({ name }) => name.endsWith('lead.get.jsonl'))).toBe(true);
    expect(written.some(({ name }) => name.includes('journal.db'))).toBe(true);
    const everything = [
      ...written,
      ...report.cells.flatMap((cell) =>
        cell.findings.map((one) => ({ name: `the report on ${cell.operation}, ${JSON.stringify(one)}`, text: JSON.stringify(one) })),
      ),
      { name: 'the report', text: JSON.stringify(report) },
    ];
    const leaks = everything.flatMap(({ name, text }) =>
      FORBIDDEN.filter((secret) => text.includes(secret)).map((secret) => `${name}: ${secret}`),
    );
    expect(leaks).toEqual([]);
    // It was not the absence of everything that made it clean.
    expect(written.find(({ name }) => name.endsWith('rest/lead.get.jsonl'))?.text).toMatch(/"status_label":"text \d+"/);
  }, 60_000);
});
