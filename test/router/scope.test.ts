import { expect, it } from 'vitest';
import { createCore } from '../../src/assembly.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Scope } from '../../src/contract/scope.ts';
import type { Policy, RunOptions } from '../../src/router/router.ts';
import { answered, fakeBackend, memoryJournal } from '../support/fake-backend.ts';

const LEAD = 'lead_7mKqcZb5WvV0ExampleLead';
const TEXT = { lead_id: LEAD, local_phone: '+14155550100', remote_phone: '+14155550132', text: 'Hello' };
const CALLS = {
  'lead.get': { lead_id: LEAD },
  'lead.create': { name: 'Acme' },
  'lead.delete': { lead_id: LEAD },
  'sms.send': TEXT,
  'sms.create': { ...TEXT, status: 'outbox' },
  'task.complete': { task_id: 'task_5kLmExampleTask' },
} as const;

const ASK: Scope = { ask: ['destructive', 'sends'] };

it.each<{ scope: Scope; of: keyof typeof CALLS; options?: Partial<RunOptions>; policy?: Partial<Policy>; gives: string }>([
  { scope: {}, of: 'lead.delete', gives: 'ok' },
  { scope: { readOnly: true }, of: 'lead.get', gives: 'ok' },
  { scope: { readOnly: true }, of: 'lead.create', gives: 'policy_denied' },
  { scope: { readOnly: true }, of: 'task.complete', gives: 'policy_denied' },
  { scope: { allow: ['lead.*'] }, of: 'lead.create', gives: 'ok' },
  { scope: { allow: ['lead.*'] }, of: 'sms.send', gives: 'policy_denied' },
  { scope: { allow: [] }, of: 'lead.get', gives: 'policy_denied' },
  { scope: { allow: ['task.complete'] }, of: 'task.complete', gives: 'ok' },
  { scope: { deny: ['*.delete'] }, of: 'lead.delete', gives: 'policy_denied' },
  { scope: { deny: ['close.lead.create'] }, of: 'lead.create', gives: 'policy_denied' },
  { scope: { deny: ['sms.create'] }, of: 'sms.send', gives: 'policy_denied' },
  { scope: ASK, of: 'lead.create', gives: 'ok' },
  { scope: ASK, of: 'lead.delete', gives: 'approval_required' },
  { scope: ASK, of: 'sms.send', gives: 'approval_required' },
  { scope: ASK, of: 'sms.create', gives: 'approval_required' },
  { scope: ASK, of: 'lead.delete', options: { approved: true }, gives: 'ok' },
  { scope: ASK, of: 'lead.delete', options: { dryRun: true }, gives: 'ok' },
  { scope: { ...ASK, approve: ['destructive'] }, of: 'lead.delete', gives: 'ok' },
  { scope: { ...ASK, approve: ['destructive'] }, of: 'sms.create', gives: 'approval_required' },
  { scope: { ...ASK, approve: ['lead.*'] }, of: 'lead.delete', gives: 'ok' },
  { scope: { ...ASK, approve: ['lead.*'] }, of: 'lead.delete', policy: { ask: ['destructive'] }, gives: 'approval_required' },
])('an access of $scope runs $of $options $policy: $gives', async ({ scope, of, options, policy, gives }) => {
  const backend = fakeBackend('alpha', { reply: () => answered({ id: 'x_1', data: [] }) });
  const router = createCore({
    apps: [closeApp],
    backends: [backend],
    policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user', ...policy },
    identity: (user) => user,
    journal: memoryJournal(),
    now: () => new Date('2026-03-02T09:00:00Z'),
    elapsed: () => performance.now(),
  });
  const report = await router.run(`close.${of}`, CALLS[of], { user: 'ada', scope, ...options });
  expect(report.ok ? 'ok' : report.error.code).toBe(gives);
  expect(backend.sent.length > 0).toBe(gives === 'ok' && !options?.dryRun);
});
