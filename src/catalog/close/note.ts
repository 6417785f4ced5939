/** Notes at a lead. Source: developer.close.com/api/resources/activities/note */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { activity, activityFilters, checkOrder } from './activity-fields.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, instant, listOf, paging } from './fields.ts';
import { ONE_KIND, ORGANIZATION } from './omissions.ts';
import { checkNote, refuse } from './rules.ts';
import { attachment, richText } from './shared.ts';

const noteId = id('acti', 'The note, from note.list');

const content = {
  note: z.string().nullable().optional().describe('Text, plain; null clears'),
  note_html: richText('Text, rich').nullable().optional(),
  title: z.string().nullable().optional().describe('Title; null clears'),
  contact_id: id('cont', 'The person it is about, a contact of the lead; null clears').nullable().optional(),
  pinned: z.boolean().optional().describe('Keep it at the top of the lead'),
  activity_at: instant('When it happened; default now').optional(),
};

/** A note as the app returns it. */
export const note = activity.extend({
  note: answer.text('Text, plain'),
  note_html: answer.text('The same text, HTML in one <body> root'),
  note_mentions: answer.list(z.unknown(), 'The users whom the text mentions'),
  title: answer.text('Title'),
  pinned: answer.flag('Kept at the top of the lead'),
  pinned_at: answer.moment('When it was pinned'),
  attachments: answer.attachments,
  source: answer.text('Where it was made, seen: ui, api, import, clipper, email, webform'),
});

export const noteList = operation({
  app: 'close',
  id: 'note.list',
  summary: 'List notes, of one lead, contact or user or of all',
  input: z.strictObject({ ...activityFilters, ...paging, fields }).superRefine(checkOrder),
  output: listOf(note),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  omissions: ONE_KIND,
  http: { method: 'GET', path: '/activity/note/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', limit: 20 },
});

export const noteCreate = operation({
  app: 'close',
  id: 'note.create',
  summary: 'Write a note at a lead',
  input: z
    .strictObject({
      lead_id: id('lead', 'The lead to write the note at'),
      ...content,
      attachments: z.array(attachment).optional().describe('Uploaded files'),
      user_id: id('user', 'Whose note it is; default is the caller').optional(),
      created_by_id: id('user', 'Import only: who made it').optional(),
      date_created: instant('Import only: when it was made').optional(),
    })
    .superRefine((input, context) => {
      checkNote(input, context);
      if (!input.note && !input.note_html && !input.attachments?.length)
        refuse(context, 'note', 'is required: a note needs note, note_html or attachments');
    }),
  output: note,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'note.list', by: ['lead_id'], same: ['note', 'note_html', 'title', 'contact_id'] },
  omissions: ORGANIZATION,
  http: { method: 'POST', path: '/activity/note/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', note: 'Prefers e-mail over phone.' },
});

export const noteGet = operation({
  app: 'close',
  id: 'note.get',
  summary: 'Read one note',
  input: z.strictObject({ note_id: noteId, fields }),
  output: note,
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/activity/note/{note_id}/' },
  example: { note_id: 'acti_7oxHExampleNote' },
});

export const noteUpdate = operation({
  app: 'close',
  id: 'note.update',
  summary: 'Change a note; the text given replaces the whole text',
  input: z
    .strictObject({
      note_id: noteId,
      ...content,
      attachments: z.array(attachment).optional().describe('All attached files: the list given REPLACES the whole list'),
    })
    .superRefine(checkNote),
  output: note,
  effect: 'write',
  idempotent: true,
  confirm: { how: 'read-back', read: 'note.get' },
  undo: { how: 'restore', read: 'note.get', instead: { note: 'note_html' } },
  http: { method: 'PUT', path: '/activity/note/{note_id}/' },
  example: { note_id: 'acti_7oxHExampleNote', note: 'Prefers e-mail; call only before ten.', pinned: true },
  pitfalls: ['note and note_html are one text: setting one rewrites the other.', 'attachments replaces what is there.'],
});

export const noteDelete = operation({
  app: 'close',
  id: 'note.delete',
  summary: 'Delete a note',
  input: z.strictObject({ note_id: noteId }),
  output: deleted,
  effect: 'destructive',
  idempotent: true,
  confirm: { how: 'gone', read: 'note.get' },
  http: { method: 'DELETE', path: '/activity/note/{note_id}/' },
  example: { note_id: 'acti_7oxHExampleNote' },
  pitfalls: ['Cannot be undone.', 'Reads can show the note for up to a minute afterwards.'],
});
