/** Meetings come from calendars: there is no create. Source: developer.close.com/api/resources/activities (meetings) */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { activity, activityFilters, checkOrder } from './activity-fields.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, listOf, paging } from './fields.ts';
import { DELETE, READ, textOrHtml, UPDATE } from './shapes.ts';

const meetingId = id('acti', 'The meeting, an activity');
const EXAMPLE_ID = 'acti_WRgWZi1PExampleMeeting';

const attendee = z.looseObject({
  contact_id: answer.ref('cont', 'The contact, if it is one'),
  user_id: answer.ref('user', 'The user, if it is one'),
  email: answer.text('Address, user@host'),
  name: answer.text('Name'),
  is_organizer: answer.flag('Who invited'),
  status: answer.text('What was answered to the invitation, e.g. noreply'),
});

const meeting = activity.extend({
  title: answer.text('Title'),
  status: answer.text('upcoming, in-progress, completed, …'),
  starts_at: answer.moment('When it begins'),
  ends_at: answer.moment('When it ends'),
  duration: answer.number('Length in seconds, as planned'),
  actual_duration: answer.number('Length in seconds, as it was'),
  location: answer.text('Place, or address of the video call'),
  note: answer.text('Description in the calendar'),
  user_note: answer.text('The note of users, plain text'),
  user_note_html: answer.text('The note of users, HTML in one <body> root'),
  user_note_mentions: answer.list(z.unknown(), 'The users whom the note mentions'),
  outcome_id: answer.ref('outcome', 'Outcome'),
  attendees: answer.list(attendee, 'Who is invited'),
  is_recurring: answer.flag('It is one of a series'),
  source: answer.text('Where it comes from, e.g. calendar'),
  summary: answer.text('Summary of what was said'),
  conference_links: answer.list(z.unknown(), 'Ways into the video call'),
  integrations: answer.list(z.unknown(), 'Other tools that hold something of it'),
  connected_account_id: answer.ref('emailacct', 'The connected account whose calendar it is in'),
  calendar_event_link: answer.text('The event in the calendar, URL'),
  provider_calendar_type: answer.text('Kind of calendar, e.g. google'),
});

export const meetingList = operation({
  app: 'close',
  id: 'meeting.list',
  summary: 'List meetings, planned and past, synced from calendars',
  input: z.strictObject({ ...activityFilters, ...paging, fields }).superRefine(checkOrder),
  output: listOf(meeting),
  ...READ,
  http: { method: 'GET', path: '/activity/meeting/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead' },
  core: false,
});

export const meetingGet = operation({
  app: 'close',
  id: 'meeting.get',
  summary: 'Read one meeting',
  input: z.strictObject({ meeting_id: meetingId, fields }),
  output: meeting,
  ...READ,
  http: { method: 'GET', path: '/activity/meeting/{meeting_id}/' },
  example: { meeting_id: EXAMPLE_ID },
  pitfalls: ['Transcripts come only when fields names transcripts.'],
  core: false,
});

export const meetingUpdate = operation({
  app: 'close',
  id: 'meeting.update',
  summary: 'Change the note or the outcome of a meeting',
  input: z.strictObject({
    meeting_id: meetingId,
    user_note_html: textOrHtml('The note').optional(),
    outcome_id: id('outcome', 'The outcome, from outcome.list').optional(),
  }),
  output: meeting,
  ...UPDATE,
  confirm: { how: 'read-back', read: 'meeting.get' },
  http: { method: 'PUT', path: '/activity/meeting/{meeting_id}/' },
  example: { meeting_id: EXAMPLE_ID, outcome_id: 'outcome_4fTgExampleOutcome' },
  pitfalls: ['Nothing else of a meeting can be changed here: time and guests live in the calendar.'],
  core: false,
});

export const meetingDelete = operation({
  app: 'close',
  id: 'meeting.delete',
  summary: 'Delete a meeting from the lead; the calendar keeps it',
  input: z.strictObject({ meeting_id: meetingId }),
  output: deleted,
  ...DELETE,
  confirm: { how: 'gone', read: 'meeting.get' },
  http: { method: 'DELETE', path: '/activity/meeting/{meeting_id}/' },
  example: { meeting_id: EXAMPLE_ID },
  core: false,
});
