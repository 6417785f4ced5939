/** What `init` was asked for. */
export interface Wishes {
  readonly backends: readonly string[];
  readonly user: string;
  /** Composio's auth config for the app, `ac_…`; without it no connect links can be made. */
  readonly authConfig?: string | undefined;
}

/** Quoted: bare braces would be a map to any YAML reader but ours. */
const reference = (name: string): string => `'\${${name}}'`;

const SECTIONS: Readonly<Record<string, (wishes: Wishes) => Readonly<Record<string, string>>>> = {
  rest: () => ({ api_key: reference('CLOSE_API_KEY') }),
  composio: ({ authConfig }) => ({
    api_key: reference('COMPOSIO_API_KEY'),
    ...(authConfig ? { auth_config: JSON.stringify(authConfig) } : {}),
  }),
  membrane: () => ({
    workspace_key: reference('MEMBRANE_WORKSPACE_KEY'),
    workspace_secret: reference('MEMBRANE_WORKSPACE_SECRET'),
    integration: 'close',
  }),
  scalekit: () => ({
    env_url: reference('SCALEKIT_ENV_URL'),
    client_id: reference('SCALEKIT_CLIENT_ID'),
    client_secret: reference('SCALEKIT_CLIENT_SECRET'),
    connector: 'close',
  }),
};

/** The text of a new configuration; secrets are only referred to. */
export function configText(wishes: Wishes): string {
  const user = JSON.stringify(wishes.user);
  return `# Which backends reach Close, and who uses them. Secrets stay in the environment, in \${…}.
backends:
${wishes.backends.map((name) => `  ${name}: ${flow(SECTIONS[name]?.(wishes) ?? {})}`).join('\n')}

# Who a user is on each backend; left out, the name is the same everywhere.
users:
  ${user}: {}
default_user: ${user}

policy:
  prefer: [${wishes.backends.join(', ')}]
  # pin: { call.delete: rest }
  # deny: [lead.delete, "*.merge"]
  # ask: [destructive, sends]      # these then need --yes

store: ./.skillrouter/journal.db
`;
}

/** The environment variables that the sections refer to. */
export function variablesOf(wishes: Wishes): readonly string[] {
  return wishes.backends
    .flatMap((name) => Object.values(SECTIONS[name]?.(wishes) ?? {}))
    .flatMap((value) => /^'\$\{(\w+)\}'$/.exec(value)?.[1] ?? []);
}

function flow(section: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(section)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`;
}
