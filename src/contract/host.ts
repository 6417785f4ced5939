/** One request that reached the port, as far as it may be recorded: no query, no header, no body. */
export interface Exchange {
  readonly method: string;
  /** Relative to the mount, without query. */
  readonly path: string;
}

/** The line to the client, for whoever plays a broken network. Each method takes the answer over. */
export interface Line {
  /** Ends the connection without an answer, as a crashed process or a firewall does. */
  reset(): void;
  /** Answers nothing, however long the client waits. */
  hang(): void;
  /** Announces the whole answer, sends its head and the first half of its body, and drops the connection. */
  half(response: Response): Promise<void>;
}

/** Stands between the port and what is mounted. `taken`: the line was used, there is nothing left to answer. */
export type Interceptor = (exchange: Exchange, serve: () => Promise<Response>, line: Line) => Promise<Response | 'taken'>;

/** Something web-standard at a path of the port; it sees paths without the prefix. */
export interface Mount {
  /** Starts with `/` and does not end with it. */
  readonly prefix: string;
  fetch(request: Request): Promise<Response>;
  readonly intercept?: Interceptor;
  /** Answers this machine only, wherever the port is bound, and never a page of another origin. */
  readonly local?: boolean;
}

export interface HostOptions {
  readonly mounts: readonly Mount[];
  /** 0 or left out: any free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

/** An open port. */
export interface Host {
  /** The origin, `http://127.0.0.1:4010`. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, lets answers in flight finish for a moment, and frees the port. */
  close(): Promise<void>;
}

/** Opens a port for mounts. Rejects with RouterError `configuration` when the port cannot be had. */
export type Serve = (options: HostOptions) => Promise<Host>;
