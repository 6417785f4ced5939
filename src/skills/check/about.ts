/** Its id, its domain, or an address on it. */
export function meansApp(app: string, text: string): boolean {
  const name = text.trim().toLowerCase();
  return name === app || name === `${app}-crm` || name === `${app}_crm` || isHostOf(app, name.includes('://') ? name : `https://${name}`);
}

/** Whether an address is on the app's domain. */
export function isHostOf(app: string, url: string): boolean {
  const host = URL.parse(url)?.hostname ?? '';
  return host === `${app}.com` || host.endsWith(`.${app}.com`);
}
