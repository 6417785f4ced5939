/** What a request asks for: a path with its query, and the host when the target itself names one. */
export interface Target {
  readonly path: string;
  readonly host?: string;
}

/** A target may be a whole address; its host then counts, whatever the Host header says. Source: RFC 9112 §3.2.2 */
export function readTarget(written: string): Target {
  const [whole, host, rest = ''] = /^https?:\/\/([^/?#\\]*)(.*)$/is.exec(written) ?? [];
  if (whole === undefined || !host) return { path: written };
  return { host, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/**
 * The path as it was written, for whoever parses it as a URL next: a parser takes `\` for `/` and follows `..`, and a door would see
 * another path than the one that was asked for. Escaped once more, it sees the segments themselves and can refuse them.
 */
export function asWritten(path: string): string {
  const [bare = '', ...query] = path.split(/(?=[?#])/);
  const segments = bare.replaceAll('\\', '%5C').split('/');
  return [segments.map((one) => (STEP.test(one) ? one.replaceAll(DOT, '%252E') : one)).join('/'), ...query].join('');
}

const STEP = /^(?:\.|%2e){1,2}$/i;
const DOT = /\.|%2e/gi;
