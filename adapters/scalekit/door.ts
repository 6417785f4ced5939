import type { App } from '../../src/contract/app.ts';
import type { Binding } from '../../src/contract/binding.ts';
import type { Door, DoorHost } from '../../src/contract/door.ts';

export interface ScalekitDoorOptions {
  readonly app: App;
  readonly binding: Binding;
  /** The name of the environment's one connection, case-sensitive; default the app's id. */
  readonly connector?: string;
  /** Which of the known sets of tools it has; default `81`. */
  readonly toolSet?: string;
}

/**
 * Scalekit's environment as its SDK, its REST twins and its proxy are spoken to. Put in front of any executor. gRPC is loaded
 * with the first request, so that a door nobody knocks at costs nothing.
 */
export function createScalekitDoor(options: ScalekitDoorOptions): (host: DoorHost) => Door {
  return (host) => {
    let opening: Promise<(request: Request) => Promise<Response>> | undefined;
    const serving = async (): Promise<(request: Request) => Promise<Response>> => {
      const { openServing } = await import('./door-serving.ts');
      return openServing(host, options);
    };
    return {
      backend: 'scalekit',
      fetch: async (request) => {
        opening ??= serving();
        return (await opening)(request);
      },
    };
  };
}
