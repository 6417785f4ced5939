/**
 * 22 tools that newer documentation has beside the 81 of the Close page, in the same form; nothing of ours is bound to them.
 * Source: scalekit-inc/developer-docs src/data/agent-connectors/close.ts@96ada4a.
 */
import { CLOSE_TOOLS, type PublishedTool, toolsOf } from './close-tools.ts';

const NEWER = toolsOf([
  ['close_bulk_delete_create', 'bulk delete create', 's_query!:object results_limit:integer send_done_email:boolean sort:array'],
  [
    'close_bulk_edit_create',
    'bulk edit create',
    's_query!:object type! custom_field_id custom_field_operation custom_field_value lead_status_id results_limit:integer send_done_email:boolean sort:array',
  ],
  ['close_comment_threads_list', 'comment threads list', '_limit:integer _skip:integer ids object_ids'],
  [
    'close_custom_activities_list',
    'custom activities list',
    '_fields _limit:integer _skip:integer contact_id custom_activity_type_id date_created__gte date_created__lte lead_id user_id',
  ],
  ['close_custom_object_types_list', 'custom object types list', '_fields _limit:integer _skip:integer'],
  ['close_custom_objects_list', 'custom objects list', 'lead_id! _fields _limit:integer _skip:integer custom_object_type_id'],
  [
    'close_events_list',
    'events list',
    '_limit:integer _skip:integer action date_updated__gte date_updated__lte lead_id object_id object_type user_id',
  ],
  [
    'close_export_lead_create',
    'export lead create',
    'format! date_format fields:array include_activities:boolean include_smart_fields:boolean results_limit:integer s_query:object send_done_email:boolean sort:array',
  ],
  [
    'close_field_enrichment_create',
    'field enrichment create',
    'field_id! object_id! object_type! organization_id! overwrite_existing_value:boolean set_new_value:boolean',
  ],
  ['close_lead_statuses_list', 'lead statuses list', ''],
  ['close_opportunity_statuses_list', 'opportunity statuses list', '_fields'],
  [
    'close_report_activity_get',
    'report activity get',
    'metrics!:array type! datetime_range:object query:object relative_range users:array',
  ],
  ['close_sequence_create', 'sequence create', 'name! schedule:object steps:array timezone'],
  ['close_sequence_delete', 'sequence delete', 'sequence_id!'],
  ['close_sequence_subscription_delete', 'sequence subscription delete', 'subscription_id!'],
  ['close_sequence_update', 'sequence update', 'sequence_id! name steps:array'],
  ['close_smart_view_create', 'smart view create', 'name! s_query!:object description is_shared:boolean type'],
  ['close_smart_view_delete', 'smart view delete', 'smart_view_id!'],
  ['close_smart_view_get', 'smart view get', 'smart_view_id!'],
  ['close_smart_view_update', 'smart view update', 'smart_view_id! description is_shared:boolean name s_query:object'],
  ['close_smart_views_list', 'smart views list', '_limit:integer _skip:integer type'],
  [
    'close_tasks_bulk_update',
    'tasks bulk update',
    'assigned_to date filter_assigned_to filter_id_in filter_is_complete:boolean filter_lead_id filter_type is_complete:boolean',
  ],
]);

/** The sets that were seen, by how many tools they have. */
export const TOOL_SETS: Readonly<Record<'81' | '103', readonly PublishedTool[]>> = { '81': CLOSE_TOOLS, '103': [...CLOSE_TOOLS, ...NEWER] };
