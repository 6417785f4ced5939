import { Hono } from 'hono';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import { CLOSE_VERSIONS, type PublishedTool, type ToolSet } from './close-tools.ts';
import { type AuthConfig, bodyOf, type Call, type Desk, type Env, listed, paged, Refusal, refuse, uuidOf, visible } from './door-desk.ts';

const LOGO = 'https://logos.composio.dev/api/close';
const CREATED_AT = '2026-01-08T00:00:00.000Z';

export function toolRoutes({ set }: Desk): Hono<Env> {
  return new Hono<Env>()
    .get('/', (call) =>
      call.json(
        paged(
          call,
          listTools(set, call).map((tool) => toTool(set, tool, versionAsked(call))),
        ),
      ),
    )
    .get('/enum', (call) => call.json(set.tools.map(({ slug }) => slug)))
    .get('/:slug', (call) => {
      const version = call.req.query('version') ?? versionAsked(call) ?? 'latest';
      return call.json(toTool(set, findTool(set, call.req.param('slug'), version), version));
    });
}

export function toolkitRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>()
    .get('/', (call) => call.json(paged(call, [toListedToolkit(desk)])))
    .get('/:slug', (call) => {
      if (call.req.param('slug').toLowerCase() !== desk.app.id) throw new Refusal(404, 'Toolkit_NotFound', 'Toolkit not found');
      return call.json(toToolkit(desk));
    });
}

export function configRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>()
    .get('/', async (call) => {
      const toolkit = call.req.query('toolkit_slug')?.toLowerCase();
      const managed = call.req.query('is_composio_managed') === 'true';
      const shown = managed || (toolkit !== undefined && toolkit !== desk.app.id) ? [] : [...desk.configs.values()];
      const shownWithCounts = await Promise.all(shown.map((config) => toConfig(desk, call, config)));
      return call.json(paged(call, shownWithCounts));
    })
    .post('/', async (call) => call.json(await createConfig(desk, call), 201))
    .get('/:id', async (call) => {
      const found = desk.configs.get(call.req.param('id'));
      if (!found) throw new Refusal(404, 'Auth_Config_NotFound', 'Auth config not found');
      return call.json(await toConfig(desk, call, found));
    });
}

/**
 * The tool as it is at a version. Without a version the API takes its first release, which lacks later tools (issue 3290).
 * guess: a release between or after the known ones is refused.
 */
export function findTool({ tools, versions }: ToolSet, slug: string, version: string | undefined): PublishedTool {
  const release = version === 'latest' ? versions.at(-1) : (version ?? versions[0]);
  const found = tools.find((tool) => tool.slug === slug);
  if (!found || !versions.some((known) => known === release) || found.since > (release ?? '')) throw refuse.noTool(slug);
  return found;
}

/** guess: the newest release that is not newer than what was asked for. */
function shownRelease({ versions }: ToolSet, asked: string | undefined): string {
  return versions.findLast((known) => asked === undefined || asked === 'latest' || known <= asked) ?? versions[0] ?? CLOSE_VERSIONS[0];
}

/** `toolkit_versions` comes as one version for all or bracketed by toolkit. */
function versionAsked(call: Call): string | undefined {
  return call.req.query('toolkit_versions[close]') ?? call.req.query('toolkit_versions');
}

/** guess: every tool counts as important, and the search looks for all words in name and description. */
function listTools(set: ToolSet, call: Call): readonly PublishedTool[] {
  const slugs = listed(call, 'tool_slugs');
  const toolkit = call.req.query('toolkit_slug')?.toLowerCase();
  const words = (call.req.query('query') ?? call.req.query('search') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const release = shownRelease(set, versionAsked(call));
  if (toolkit !== undefined && !toolkit.split(',').includes('close')) return [];
  return set.tools
    .filter(({ slug, since }) => since <= release && (slugs === undefined || slugs.includes(slug)))
    .filter(({ slug, name, description }) => {
      const text = `${slug} ${name} ${description}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
}

function toTool(set: ToolSet, tool: PublishedTool, asked: string | undefined): object {
  const { slug, name, description, inputs, required, since } = tool;
  const versions = set.versions.filter((one) => one >= since);
  const release = shownRelease(set, asked);
  const toolkit = { slug: 'close', name: 'Close', logo: LOGO };
  return {
    slug,
    name,
    description,
    toolkit,
    input_parameters: { type: 'object', title: `${name} request`, properties: inputs, required },
    output_parameters: OUTPUT,
    no_auth: false,
    available_versions: versions,
    version: release,
    scopes: [],
    scope_requirements: null,
    tags: [],
    is_deprecated: false,
    deprecated: { displayName: name, version: release, available_versions: versions, is_deprecated: false, toolkit: { logo: LOGO } },
  };
}

/** What is in `data` is not published. */
const OUTPUT = {
  type: 'object',
  properties: { data: { type: 'object' }, error: { type: 'string', nullable: true }, successful: { type: 'boolean' } },
  required: ['data', 'successful'],
};

function toMeta({ set: { tools, versions } }: Desk): object {
  return {
    created_at: CREATED_AT,
    updated_at: CREATED_AT,
    description: 'Close CRM: leads, contacts, calls, emails, tasks and opportunities',
    logo: LOGO,
    app_url: 'https://close.com',
    triggers_count: 45,
    tools_count: tools.length,
    version: versions.at(-1),
  };
}

function toListedToolkit(desk: Desk): object {
  const { app } = desk;
  return {
    slug: app.id,
    name: 'Close',
    auth_schemes: ['API_KEY'],
    composio_managed_auth_schemes: [],
    is_local_toolkit: false,
    no_auth: false,
    deprecated: { toolkitId: app.id },
    meta: { ...toMeta(desk), categories: [{ id: 'crm', name: 'crm' }] },
  };
}

function toToolkit(desk: Desk): object {
  const { app, set } = desk;
  const key = { name: 'generic_api_key', displayName: 'API Key', type: 'string', description: 'Close API key, api_…', required: true };
  return {
    slug: app.id,
    name: 'Close',
    enabled: true,
    is_local_toolkit: false,
    composio_managed_auth_schemes: [],
    auth_config_details: [
      {
        name: 'close_api_key',
        mode: 'API_KEY',
        fields: { auth_config_creation: { required: [], optional: [] }, connected_account_initiation: { required: [key], optional: [] } },
      },
    ],
    base_url: 'https://api.close.com/api/v1',
    get_current_user_endpoint: '/me/',
    meta: { ...toMeta(desk), available_versions: set.versions.toReversed(), categories: [{ name: 'crm', slug: 'crm' }] },
    deprecated: { toolkitId: app.id, rawProxyInfoByAuthSchemes: [] },
  };
}

async function createConfig(desk: Desk, call: Call): Promise<object> {
  const body = await bodyOf(call);
  const asked = isObject(body['auth_config']) ? body['auth_config'] : {};
  if (stringAt(body['toolkit'], 'slug')?.toLowerCase() !== desk.app.id) throw new Refusal(404, 'Toolkit_NotFound', 'Toolkit not found');
  const scheme = stringAt(asked, 'authScheme') ?? 'API_KEY';
  if (asked['type'] !== 'use_custom_auth' || scheme !== 'API_KEY') throw refuse.malformed('Close takes use_custom_auth with API_KEY only');
  const id = `ac_${desk.app.id}_${desk.configs.size + 1}`;
  desk.configs.set(id, { id, name: stringAt(asked, 'name') ?? id, createdAt: desk.host.now().toISOString() });
  return { toolkit: { slug: desk.app.id }, auth_config: { id, auth_scheme: 'API_KEY', is_composio_managed: false } };
}

/** All accounts are shown under the first auth config, see door-accounts.ts. */
async function countOf(desk: Desk, call: Call, id: string): Promise<number> {
  const [first] = desk.configs.keys();
  return id === first ? (await visible(desk, call, { app: desk.app.id })).length : 0;
}

async function toConfig(desk: Desk, call: Call, { id, name, createdAt }: AuthConfig): Promise<object> {
  const { app } = desk;
  return {
    id,
    uuid: uuidOf(id),
    type: 'custom',
    toolkit: { slug: app.id, logo: LOGO },
    name,
    auth_scheme: 'API_KEY',
    is_composio_managed: false,
    credentials: {},
    status: 'ENABLED',
    created_by: 'project',
    created_at: createdAt,
    last_updated_at: createdAt,
    no_of_connections: await countOf(desk, call, id),
    expected_input_fields: [],
    restrict_to_following_tools: [],
    tool_access_config: { tools_for_connected_account_creation: [], tools_available_for_execution: [] },
  };
}
