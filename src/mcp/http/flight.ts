/** Requests of each caller that are being answered, so that nobody takes all of a server's time. */
export class Flight {
  readonly #flying = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Call what is returned when the answer is out. undefined: the caller has too many under way. */
  begin(caller: string): (() => void) | undefined {
    const flying = this.#flying.get(caller) ?? 0;
    if (flying >= this.#most) return undefined;
    this.#flying.set(caller, flying + 1);
    let landed = false;
    return () => {
      if (!landed) this.#land(caller);
      landed = true;
    };
  }

  #land(caller: string): void {
    const left = (this.#flying.get(caller) ?? 1) - 1;
    if (left > 0) this.#flying.set(caller, left);
    else this.#flying.delete(caller);
  }
}

/** The answer, and its end told: at once, or for a stream when it has run dry or nobody listens any more. */
export function endTold(response: Response, signal: AbortSignal, ended: () => void): Response {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (!isStream || !response.body) {
    ended();
    return response;
  }
  signal.addEventListener('abort', ended, { once: true });
  const told = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({ flush: ended }));
  return new Response(told, { status: response.status, headers: response.headers });
}
