import { Hono } from 'hono';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import { CLOSE_TOOLS, CLOSE_VERSIONS, type PublishedTool, type ToolkitVersion } from './close-tools.ts';
import { type AuthConfig, bodyOf, type Call, type Desk, type Env, listed, paged, Refusal, refuse, uuidOf, visible } from './door-desk.ts';

const LOGO = 'https://logos.composio.dev/api/close';
const [FIRST, LATEST] = [CLOSE_VERSIONS[0], CLOSE_VERSIONS.at(-1) ?? CLOSE_VERSIONS[0]];
const CREATED_AT = '2026-01-08T00:00:00.000Z';

export function toolRoutes(): Hono<Env> {
  return new Hono<Env>()
    .get('/', (call) =>
      call.json(
        paged(
          call,
          listTools(call).map((tool) => toTool(tool, versionAsked(call) ?? LATEST)),
        ),
      ),
    )
    .get('/enum', (call) => call.json(CLOSE_TOOLS.map(({ slug }) => slug)))
    .get('/:slug', (call) => {
      const version = call.req.query('version') ?? versionAsked(call) ?? 'latest';
      return call.json(toTool(findTool(call.req.param('slug'), version), version));
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
export function findTool(slug: string, version: string | undefined): PublishedTool {
  const release = version === 'latest' ? LATEST : (version ?? FIRST);
  const found = CLOSE_TOOLS.find((tool) => tool.slug === slug);
  if (!found || !isKnown(release) || found.since > release) throw refuse.noTool(slug);
  return found;
}

function isKnown(version: string): version is ToolkitVersion {
  return CLOSE_VERSIONS.some((known) => known === version);
}

/** `toolkit_versions` comes as one version for all or bracketed by toolkit. */
function versionAsked(call: Call): string | undefined {
  const asked = call.req.query('toolkit_versions[close]') ?? call.req.query('toolkit_versions');
  return asked === 'latest' ? LATEST : asked;
}

/** guess: every tool counts as important, and the search looks for all words in name and description. */
function listTools(call: Call): readonly PublishedTool[] {
  const slugs = listed(call, 'tool_slugs');
  const toolkit = call.req.query('toolkit_slug')?.toLowerCase();
  const words = (call.req.query('query') ?? call.req.query('search') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const release = versionAsked(call) ?? LATEST;
  if (toolkit !== undefined && !toolkit.split(',').includes('close')) return [];
  return CLOSE_TOOLS.filter(({ slug, since }) => since <= release && (slugs === undefined || slugs.includes(slug))).filter(
    ({ slug, name, description }) => {
      const text = `${slug} ${name} ${description}`.toLowerCase();
      return words.every((word) => text.includes(word));
    },
  );
}

function toTool({ slug, name, description, inputs, required, since }: PublishedTool, version: string): object {
  const versions = CLOSE_VERSIONS.filter((one) => one >= since);
  const release = version === 'latest' ? LATEST : version;
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

function toMeta(): object {
  return {
    created_at: CREATED_AT,
    updated_at: CREATED_AT,
    description: 'Close CRM: leads, contacts, calls, emails, tasks and opportunities',
    logo: LOGO,
    app_url: 'https://close.com',
    triggers_count: 45,
    tools_count: CLOSE_TOOLS.length,
    version: LATEST,
  };
}

function toListedToolkit({ app }: Desk): object {
  return {
    slug: app.id,
    name: 'Close',
    auth_schemes: ['API_KEY'],
    composio_managed_auth_schemes: [],
    is_local_toolkit: false,
    no_auth: false,
    deprecated: { toolkitId: app.id },
    meta: { ...toMeta(), categories: [{ id: 'crm', name: 'crm' }] },
  };
}

function toToolkit({ app }: Desk): object {
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
    meta: { ...toMeta(), available_versions: CLOSE_VERSIONS.toReversed(), categories: [{ name: 'crm', slug: 'crm' }] },
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
