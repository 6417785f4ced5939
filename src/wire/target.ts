import type { HttpCall } from '../contract/adapter.ts';

/**
 * The address of an app's request below a base. undefined: the path leaves the base, or would if a server on the way decoded it
 * once more, or means another address to a URL parser than it says.
 */
export function urlBelow(base: string, { path, query }: Pick<HttpCall, 'path' | 'query'>): URL | undefined {
  const url = URL.parse(`${base}${path}`);
  const home = URL.parse(`${base}/`);
  if (!url || !home || !path.startsWith('/') || path.includes('//') || url.search !== '' || url.hash !== '') return undefined;
  if (path.split('/').some(leadsAway)) return undefined;
  if (url.origin !== home.origin || url.pathname !== `${home.pathname.slice(0, -1)}${path}`) return undefined;
  url.search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString();
  return url;
}

/** A segment that some server reads as a step up (`..;` too), a further slash or a control character, however it is escaped. */
export function leadsAway(segment: string): boolean {
  return /^(?:\.|%2e){1,2}(?:;|%3b|$)/i.test(segment) || /[\\\p{Cc}]|%(?:2f|5c|25|[01][0-9a-f]|7f)/iu.test(segment);
}
