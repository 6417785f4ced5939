import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Adapter } from '../../src/contract/adapter.ts';
import type { AdapterSubject, SampleCall } from '../../src/contract-kit.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';
import type { Name } from '../contract/rig.ts';

const USER = 'ada';
const now = (): Date => new Date();

interface Ours extends Pick<AdapterSubject, 'calls' | 'strangeStatus'> {
  open(url: string, settings: Readonly<Record<string, string>>): Promise<Adapter>;
}

/** The requests that carry an operation; lists of connections, tokens and schemas carry none. */
const CARRIES: Readonly<Record<Name, RegExp>> = {
  rest: /\/api\/v1\//,
  composio: /\/tools\/execute\//,
  membrane: /\/run$|\/proxy\//,
  scalekit: /\/ExecuteTool$|\/proxy\//,
};

const byHttp: readonly SampleCall[] = [
  { name: 'lead.create by HTTP', method: 'POST', path: '/lead/', query: [], body: { name: 'Acme' }, read: false },
  { name: 'lead.list by HTTP', method: 'GET', path: '/lead/', query: [['_limit', '1']], read: true },
];
const byTool = (tool: string, args: object = { name: 'Acme' }): readonly SampleCall[] => [
  { name: 'lead.create by tool', tool, arguments: { ...args }, read: false },
  ...byHttp,
];
const word = (path: RegExp, known: RegExp): AdapterSubject['strangeStatus'] => ({
  path,
  rewrite: (body) => body.toString().replaceAll(known, '"BRAND_NEW"'),
});

const OURS: Readonly<Record<Name, Ours>> = {
  rest: {
    calls: byHttp,
    strangeStatus: { none: 'a configured key has no status' },
    open: (url, { apiKey = '' }) => BACKENDS.rest.adapter({ keys: { users: { [USER]: apiKey } }, baseUrl: url, now }),
  },
  composio: {
    calls: byTool('CLOSE_CREATE_LEAD'),
    strangeStatus: word(/connected_accounts$/, /"ACTIVE"/g),
    open: (url, { apiKey = '' }) => BACKENDS.composio.adapter({ apiKey, baseUrl: url, now }),
  },
  membrane: {
    calls: byTool('create-lead'),
    strangeStatus: word(/\/connections$/, /"READY"/g),
    open: (url, { workspaceKey = '', workspaceSecret = '' }) =>
      BACKENDS.membrane.adapter({ workspaceKey, workspaceSecret, baseUrl: url, integrations: { close: 'close' }, now }),
  },
  scalekit: {
    calls: byTool('close_lead_create'),
    strangeStatus: { none: 'its states are numbers in protobuf; test/adapters/scalekit-status.test.ts tries them' },
    open: (url, { clientId = '', clientSecret = '', connector = 'close' }) =>
      BACKENDS.scalekit.adapter({ envUrl: url, clientId, clientSecret, connector, now }),
  },
};

/** A backend of ours in front of a Close of its own. */
export function subjectOf(name: Name): AdapterSubject {
  const { open, ...ours } = OURS[name];
  return {
    name,
    carries: CARRIES[name],
    ...ours,
    start: async () => {
      const sandbox = await begin(name);
      const { url = '', ...settings } = sandbox.ready.backends[name] ?? {};
      const before = sandbox.world.ledger().length;
      return {
        upstream: url,
        open: (at) => open(at, settings),
        query: { app: 'close', user: USER },
        secrets: Object.values(settings).filter((value) => value !== 'close'),
        effects: () => sandbox.world.ledger().length - before,
        close: () => sandbox.close(),
      };
    },
  };
}

async function begin(name: Name): Promise<Sandbox<World>> {
  return startSandbox({ world: createWorld({}), doors: { [name]: await BACKENDS[name].door({ app: closeApp }) }, serve, user: USER });
}
