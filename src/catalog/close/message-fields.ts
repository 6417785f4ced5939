/** What SMS and e-mails have in common: six statuses, two of which deliver. Source: developer.close.com/api/resources/activities/email, …/sms */
import { z } from 'zod';
import { instant } from './fields.ts';

export const messageStatus = z.enum(['inbox', 'draft', 'scheduled', 'outbox', 'sent', 'error']);

export const STATUS_ON_CREATE =
  'inbox: log one received; sent: log one sent elsewhere; draft: only write it; outbox: SENDS it now; scheduled: SENDS it at date_scheduled; error: log one that failed';

export const STATUS_ON_UPDATE =
  'draft calls back what is not sent yet; outbox SENDS it now; scheduled SENDS it at date_scheduled; inbox, sent and error only record';

export const sendIn = z
  .int()
  .min(0)
  .max(59)
  .optional()
  .describe('Seconds to wait before sending, 0–59, to allow an undo; only with status outbox');

export const timing = {
  date_scheduled: instant('When to send; needed with status scheduled').optional(),
  send_in: sendIn,
  activity_at: instant('When it happened, for logging').optional(),
};

/** A message that was told to go out moves on by itself: what an update's status may have become by the time one looks. */
export const REACHED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  status: { outbox: ['outbox', 'sent', 'error'], scheduled: ['scheduled', 'outbox', 'sent', 'error'] },
};
