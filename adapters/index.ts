/** The list of backends. Nothing is loaded before it is asked for: neither a vendor's SDK nor a binding. */

import type { McpServerFactory } from '@modelcontextprotocol/server';
import type { ToolSignature } from '../src/binding/arguments.ts';
import type { Adapter } from '../src/contract/adapter.ts';
import type { App } from '../src/contract/app.ts';
import type { Binding } from '../src/contract/binding.ts';
import type { Door, DoorHost, SideDoor } from '../src/contract/door.ts';
import type { ComposioOptions } from './composio/adapter.ts';
import type { ComposioDoorOptions } from './composio/door.ts';
import type { MembraneOptions } from './membrane/adapter.ts';
import type { MembraneDoorOptions } from './membrane/door.ts';
import type { RestOptions } from './rest/adapter.ts';
import type { RestDoorParts } from './rest/door.ts';
import type { ScalekitOptions } from './scalekit/adapter.ts';
import type { ScalekitDoorOptions } from './scalekit/door.ts';

/** What there is of every backend: its bindings, its adapter outward, its door inward. */
export interface Backend<AdapterOptions, DoorOptions> {
  bindings(): Promise<readonly Binding[]>;
  /** Its tools as it publishes them; none where it publishes no arguments. */
  tools(): Promise<readonly ToolSignature[]>;
  /** Older, newer or changed tools that its door can have. */
  readonly toolSets: readonly string[];
  adapter(options: AdapterOptions): Promise<Adapter>;
  /** The binding is the backend's own, whichever app the options name. */
  door(options: DoorOptions): Promise<(host: DoorHost) => Door>;
}

export const rest: Backend<RestOptions, Omit<RestDoorParts, 'binding'>> = {
  bindings: async () => [(await import('./rest/close.generated.ts')).closeBinding],
  tools: async () => [],
  toolSets: [],
  adapter: async (options) => (await import('./rest/adapter.ts')).createRestAdapter(options),
  door: async (options) => {
    const [{ createRestDoor }, { closeBinding }] = await Promise.all([import('./rest/door.ts'), import('./rest/close.generated.ts')]);
    return createRestDoor({ ...options, binding: closeBinding });
  },
};

export const composio: Backend<ComposioOptions, Omit<ComposioDoorOptions, 'binding'>> = {
  bindings: async () => [(await import('./composio/close.generated.ts')).closeBinding],
  tools: async () => (await import('./composio/close-tools.ts')).CLOSE_TOOLS.map(({ slug, ...tool }) => ({ ...tool, name: slug })),
  toolSets: ['6', '14'],
  adapter: async (options) => (await import('./composio/adapter.ts')).createComposioAdapter(options),
  door: async (options) => {
    const [{ createComposioDoor }, { closeBinding }] = await Promise.all([
      import('./composio/door.ts'),
      import('./composio/close.generated.ts'),
    ]);
    return createComposioDoor({ ...options, binding: closeBinding });
  },
};

export const membrane: Backend<MembraneOptions, Omit<MembraneDoorOptions, 'binding'>> = {
  bindings: async () => [(await import('./membrane/close.generated.ts')).closeBinding],
  tools: async () => [],
  toolSets: ['20', 'renamed', 'changed'],
  adapter: async (options) => (await import('./membrane/adapter.ts')).createMembraneAdapter(options),
  door: async (options) => {
    const [{ createMembraneDoor }, { closeBinding }] = await Promise.all([
      import('./membrane/door.ts'),
      import('./membrane/close.generated.ts'),
    ]);
    return createMembraneDoor({ ...options, binding: closeBinding });
  },
};

export const scalekit: Backend<ScalekitOptions, Omit<ScalekitDoorOptions, 'binding'>> = {
  bindings: async () => [(await import('./scalekit/close.generated.ts')).closeBinding],
  tools: async () => (await import('./scalekit/close-tools.ts')).CLOSE_TOOLS,
  toolSets: ['81', '103'],
  adapter: async (options) => (await import('./scalekit/adapter.ts')).createScalekitAdapter(options),
  door: async (options) => {
    const [{ createScalekitDoor }, { closeBinding }] = await Promise.all([
      import('./scalekit/door.ts'),
      import('./scalekit/close.generated.ts'),
    ]);
    return createScalekitDoor({ ...options, binding: closeBinding });
  },
};

/** Further doors of backends, by the name of their mount. */
export const SIDE_DOORS: Readonly<Record<'rube', (options: Pick<ComposioDoorOptions, 'app'>) => Promise<SideDoor>>> = {
  rube: async (options) => {
    const [{ createRubeDoor }, { closeBinding }] = await Promise.all([
      import('./composio/rube-door.ts'),
      import('./composio/close.generated.ts'),
    ]);
    return { backend: 'composio', path: '/mcp', open: createRubeDoor({ ...options, binding: closeBinding }) };
  },
};

/** Rube's meta tools for one user, for whoever carries the protocol elsewhere than over HTTP. */
export async function rubeFactory(app: App, host: Omit<DoorHost, 'authenticate' | 'url'>, user: string): Promise<McpServerFactory> {
  const [{ createRubeFactory }, { closeBinding }] = await Promise.all([
    import('./composio/rube-door.ts'),
    import('./composio/close.generated.ts'),
  ]);
  return createRubeFactory({ app, binding: closeBinding }, host, user);
}

export const BACKENDS = { composio, membrane, rest, scalekit } as const;
