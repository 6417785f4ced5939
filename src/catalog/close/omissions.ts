/**
 * What Close documents as a parameter and the catalogue leaves out on purpose: parameter, as Close spells it → why, and what to use.
 * Operations name theirs in `omissions`. Source: backends/close-rest.md, Close's own reference and OpenAPI document.
 */
type Omissions = Readonly<Record<string, string>>;

const OLD_DUE_DATE = 'Close dropped it: use date, and its date__… filters in lists';

/** guess: that another organization's id is refused; either way there is only one that it can be. */
export const ORGANIZATION: Omissions = { organization_id: 'a connection belongs to one organization, so there is nothing to choose' };

export const STATUS_LABEL: Omissions = {
  status: 'labels can be renamed and Close refuses label and id together: use status_id, from lead_status.list or pipeline.list',
};

export const OPPORTUNITY_FILTERS: Omissions = {
  ...ORGANIZATION,
  status: 'means the same as status_label: use that, or status_id',
  status__in: 'means the same as status_label__in: use that, or status_id__in',
  lead_query: 'deprecated by Close: use lead_saved_search_id, or find the leads first with lead.list or search.query',
  _group_by: 'turns the answer into groups of a shape that Close does not publish: list the opportunities and group them',
};

export const DUE_DATE: Omissions = { due_date: OLD_DUE_DATE };

export const TASK_FILTERS: Omissions = {
  ...ORGANIZATION,
  ...DUE_DATE,
  due_date__gt: OLD_DUE_DATE,
  due_date__gte: OLD_DUE_DATE,
  due_date__lt: OLD_DUE_DATE,
  due_date__lte: OLD_DUE_DATE,
  format: 'Close does not say what it does',
};

/** Of the list of one kind of activity. */
export const ONE_KIND: Omissions = { ...ORGANIZATION, _type: 'the operation lists one kind only: activity.list lists several' };

/** Of the read of one object. */
export const NO_PAGES: Omissions = {
  _limit: 'one object has no pages; a slip of the document',
  _skip: 'one object has no pages; a slip of the document',
};

export const NO_PAGES_NO_ORDER: Omissions = { ...NO_PAGES, _order_by: 'one object has no order; a slip of the document' };
