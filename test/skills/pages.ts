/** Small skills in the grammars that are found in the wild; every word of them is ours. */
import { readSkill } from '../../src/skills/read/read.ts';
import type { Skill } from '../../src/skills/read/skill.ts';

export const HEAD = '---\nname: deals\ndescription: Works on deals. Use when the user speaks of deals.\n---\n';

export function read(text: string | Uint8Array, file = 'deals/SKILL.md'): Skill {
  return readSkill(file, typeof text === 'string' ? new TextEncoder().encode(text) : text).skill;
}

export function codes({ diagnostics }: Skill): readonly string[] {
  return diagnostics.map(({ line, code }) => `${line} ${code}`);
}

/** Written by hand: tool sequences with roles. */
export const WORKFLOWS = `${HEAD}
# Close by hand

## Prerequisites

- Rube MCP must be connected
- Active connection via \`RUBE_MANAGE_CONNECTIONS\` with toolkit \`close\`

## Core Workflows

### 1. Ring somebody

**When to use**: The user rang a customer

**Tool sequence**:
1. \`CLOSE_LIST_OPPORTUNITIES\` - See what is open [Optional]
2. \`CLOSE_CREATE_CALL\` or \`CLOSE_CREATE_SMS\` - Write it down [Required for calls]
3. Upload the recording by hand (required)

**Key parameters**:
- \`lead_id\`: The company
- \`direction\` (required): inbound or outbound
- For \`CLOSE_CREATE_CALL\`:
  - \`duration\`: Seconds

**Pitfalls**:
- Seconds, not minutes
- Nobody is dialled

## Known Pitfalls

- Leads are companies

## Quick Reference

| Task | Tool Slug | Key Params |
|------|-----------|------------|
| Log a call | CLOSE_CREATE_CALL | lead_id, direction |
| Remove it | \`CLOSE_DELETE_CALL\` | call_id |
`;

/** One tool behind a label, rules between workflows. */
export const LABELS = `${HEAD}
# Close

### 1. New company

Makes a company.

**Tool:** \`CLOSE_CREATE_LEAD\`

Key parameters:
- \`name\` -- The name
- \`url\` / \`description\`

---

### 2. Who am I

**Tool**: \`CLOSE_WHO_AM_I\`
`;

/** Generated: a toolkit, and no tool at all. */
export const TEMPLATE = `${HEAD}
# Close via Rube

Search first with \`RUBE_SEARCH_TOOLS\`, toolkit \`close\`.

\`\`\`
RUBE_SEARCH_TOOLS
queries: [{use_case: "your task"}]
\`\`\`

\`\`\`
RUBE_MULTI_EXECUTE_TOOL
tools: [{
  tool_slug: "TOOL_SLUG_FROM_SEARCH"
  arguments: {/* from the schema */}
}]
\`\`\`

| Operation | Approach |
|---|---|
| Find tools | \`RUBE_SEARCH_TOOLS\` |
`;

export const ACTIONS = `${HEAD}
# Close

\`\`\`bash
membrane connection ensure "https://close.com" --json
\`\`\`

States: \`CLIENT_ACTION_REQUIRED\`, \`CONFIGURATION_ERROR\`, \`CONNECTION_ID\`.

## Popular actions

| Name | Key | Description |
| --- | --- | --- |
| Create Lead | create-lead | No description |
| List Leads | list-leads | Lists them |

\`\`\`bash
npx @membranehq/cli@latest action run create-lead --connectionId=CONNECTION_ID --input '{"name": "Acme"}' --json
membrane action run --connectionId=CONNECTION_ID ACTION_ID --json
membrane request CONNECTION_ID /lead/lead_1/ -X PUT \\
  -d '{"name":"Acme"}'
membrane request CONNECTION_ID /path/to/endpoint
\`\`\`
`;

export const REFERENCE = `${HEAD}
# Close over HTTP

\`\`\`http
POST https://api.close.com/api/v1/task/
Authorization: Basic {key}

{ "lead_id": "lead_1", "text": "Call back", "date": "2026-01-02" }
\`\`\`

\`\`\`bash
curl -X DELETE "https://api.close.com/api/v1/activity/call/acti_1/" -u "$KEY:"
\`\`\`

\`\`\`ts
await actions.executeTool({ toolName: 'close_note_create', connectionName: 'close', toolInput: { lead_id: leadId, note: \`Hi \${name}\` } });
await actions.request({ connectionName: 'close', path: '/api/v1/me/', method: 'GET' });
\`\`\`

\`\`\`python
execute("close_leads_list", {"query": company, "_limit": 1})
\`\`\`

### close_call_get

Reads one call.

| Name | Type | Required | Description |
|---|---|---|---|
| \`call_id\` | string | Yes | Which |
`;
