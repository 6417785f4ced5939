import type { Kysely, Migration } from 'kysely';
import { createBulk } from './bulk-migration.ts';
import { createEvidence } from './evidence-migration.ts';
import { createSwitches } from './switch-migration.ts';

/** Run in the order of their names; a name that was released is never changed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001_calls': { up: createCalls },
  '002_keys': { up: createKeys },
  '003_shared': { up: createShared },
  '004_inverses': { up: createInverses },
  '005_bulk': { up: createBulk },
  '006_evidence': { up: createEvidence },
  '007_switches': { up: createSwitches },
  '008_remarks': { up: createRemarks },
};

export const LATEST = '008_remarks';

async function createCalls(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('calls')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('user', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('delivery', 'text')
    .addColumn('backend', 'text')
    .addColumn('connection', 'text')
    .addColumn('transport', 'text')
    .addColumn('verdicts', 'text', (column) => column.notNull())
    .addColumn('ms', 'real', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('calls_at').on('calls').columns(['at', 'id']).execute();
  await db.schema
    .createTable('attempts')
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('operation', 'text')
    .addColumn('backend', 'text', (column) => column.notNull())
    .addColumn('connection', 'text', (column) => column.notNull())
    .addColumn('transport', 'text', (column) => column.notNull())
    .addColumn('delivery', 'text', (column) => column.notNull())
    .addColumn('code', 'text')
    .addColumn('status', 'integer')
    .addColumn('ms', 'real', (column) => column.notNull())
    .addPrimaryKeyConstraint('attempts_key', ['call_id', 'position'])
    .execute();
  await createAccounts(db);
}

async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('backend', 'text', (column) => column.notNull())
    .addColumn('connection', 'text', (column) => column.notNull())
    .addColumn('organization', 'text', (column) => column.notNull())
    .addColumn('user', 'text', (column) => column.notNull())
    .addColumn('label', 'text')
    .addColumn('at', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('accounts_connection').on('accounts').columns(['backend', 'connection', 'at']).execute();
}

async function createKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('objects')
    .addColumn('app', 'text', (column) => column.notNull())
    .addColumn('object', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('objects_key', ['app', 'object'])
    .execute();
  await db.schema
    .createTable('keys')
    .addColumn('user', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('until', 'text', (column) => column.notNull())
    .addColumn('data', 'text')
    .addPrimaryKeyConstraint('keys_key', ['user', 'key'])
    .execute();
  await db.schema.createIndex('keys_at').on('keys').columns(['state', 'at']).execute();
}

async function createShared(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('notes')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('until', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('notes_key', ['kind', 'subject'])
    .execute();
  await db.schema
    .createTable('limits')
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('endpoint', 'text', (column) => column.notNull())
    .addColumn('capacity', 'integer', (column) => column.notNull())
    .addColumn('remaining', 'integer', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('resets', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('limits_key', ['account', 'endpoint'])
    .execute();
}

/** What undo needs, and what of a receipt was not kept before: how its outcome is known. */
async function createInverses(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('calls').addColumn('confirmed', 'text').execute();
  await db.schema.alterTable('calls').addColumn('replayed', 'integer').execute();
  await db.schema
    .createTable('inverses')
    .addColumn('call_id', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('user', 'text', (column) => column.notNull())
    .addColumn('run', 'text')
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('object', 'text')
    .addColumn('backend', 'text', (column) => column.notNull())
    .addColumn('connection', 'text', (column) => column.notNull())
    .addColumn('how', 'text', (column) => column.notNull())
    .addColumn('image', 'text')
    .addColumn('why', 'text')
    .addColumn('undone', 'text')
    .addPrimaryKeyConstraint('inverses_key', ['call_id', 'position'])
    .execute();
  await db.schema.createIndex('inverses_run').on('inverses').columns(['run', 'at']).execute();
  await db.schema.createIndex('inverses_at').on('inverses').columns(['at']).execute();
}

/** What else a receipt tells people: what was changed in the input, and what of the call could not be kept. */
async function createRemarks(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('calls').addColumn('notes', 'text').execute();
  await db.schema.alterTable('calls').addColumn('unrecorded', 'text').execute();
}
