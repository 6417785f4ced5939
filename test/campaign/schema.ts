import { randomUUID } from 'node:crypto';

/** Works in a schema of its own, so that a campaign leaves nothing behind on a server. Files and nothing at all are passed on. */
export async function withSchema<T>(store: string | undefined, work: (store: string | undefined) => Promise<T>): Promise<T> {
  if (store === undefined || !/^postgres(?:ql)?:/.test(store)) return work(store);
  const { Client } = await import('pg');
  const client = new Client({ connectionString: store });
  await client.connect();
  const schema = `campaign_${randomUUID().replaceAll('-', '')}`;
  await client.query(`create schema ${schema}`);
  const url = new URL(store);
  url.searchParams.set('options', `-csearch_path=${schema}`);
  try {
    return await work(url.href);
  } finally {
    await client.query(`drop schema ${schema} cascade`);
    await client.end();
  }
}
