// Generated from queries.ts by `npm run generate`. Do not edit.
import type { Statement } from './compile.ts';
import type { QueryName } from './queries.ts';

export const STATEMENTS: Readonly<Record<QueryName, Statement>> = {
  insertCall: {
    sql: "insert into \"calls\" (\"id\", \"at\", \"operation\", \"user\", \"outcome\", \"delivery\", \"backend\", \"connection\", \"transport\", \"verdicts\", \"ms\", \"confirmed\", \"replayed\", \"notes\", \"unrecorded\") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
    fields: ["id","at","operation","user","outcome","delivery","backend","connection","transport","verdicts","ms","confirmed","replayed","notes","unrecorded"],
  },
  insertAttempt: {
    sql: "insert into \"attempts\" (\"call_id\", \"position\", \"operation\", \"backend\", \"connection\", \"transport\", \"delivery\", \"code\", \"status\", \"ms\", \"at\", \"shows\") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
    fields: ["call_id","position","operation","backend","connection","transport","delivery","code","status","ms","at","shows"],
  },
  insertAccount: {
    sql: "insert into \"accounts\" (\"backend\", \"connection\", \"organization\", \"user\", \"label\", \"at\") values (?, ?, ?, ?, ?, ?)",
    fields: ["backend","connection","organization","user","label","at"],
  },
  insertObject: {
    sql: "insert into \"objects\" (\"app\", \"object\", \"call_id\") values (?, ?, ?) on conflict do nothing",
    fields: ["app","object","call_id"],
  },
  objectOf: {
    sql: "select * from \"objects\" where \"app\" = ? and \"object\" = ?",
    fields: ["app","object"],
  },
  insertKey: {
    sql: "insert into \"keys\" (\"user\", \"key\", \"operation\", \"hash\", \"state\", \"owner\", \"at\", \"until\", \"data\") values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
    fields: ["user","key","operation","hash","state","owner","at","until","data"],
  },
  keyOf: {
    sql: "select * from \"keys\" where \"user\" = ? and \"key\" = ?",
    fields: ["user","key"],
  },
  passKey: {
    sql: "update \"keys\" set \"owner\" = ?, \"until\" = ? where \"user\" = ? and \"key\" = ? and \"owner\" = ? and \"state\" != 'done'",
    fields: ["owner","until","user","key","from"],
  },
  moveKey: {
    sql: "update \"keys\" set \"owner\" = ?, \"state\" = ?, \"at\" = ?, \"data\" = ? where \"user\" = ? and \"key\" = ? and \"owner\" = ?",
    fields: ["next","state","at","data","user","key","owner"],
  },
  deleteKey: {
    sql: "delete from \"keys\" where \"user\" = ? and \"key\" = ? and \"owner\" = ?",
    fields: ["user","key","owner"],
  },
  forgetKeys: {
    sql: "delete from \"keys\" where \"state\" = 'done' and \"at\" < ?",
    fields: ["before"],
  },
  putNote: {
    sql: "insert into \"notes\" (\"kind\", \"subject\", \"count\", \"at\", \"until\") values (?, ?, ?, ?, ?) on conflict (\"kind\", \"subject\") do update set \"count\" = \"excluded\".\"count\", \"at\" = \"excluded\".\"at\", \"until\" = \"excluded\".\"until\"",
    fields: ["kind","subject","count","at","until"],
  },
  dropNote: {
    sql: "delete from \"notes\" where \"kind\" = ? and \"subject\" = ?",
    fields: ["kind","subject"],
  },
  liveNotes: {
    sql: "select * from \"notes\" where \"until\" > ?",
    fields: ["at"],
  },
  forgetNotes: {
    sql: "delete from \"notes\" where \"until\" < ?",
    fields: ["before"],
  },
  putLimit: {
    sql: "insert into \"limits\" (\"account\", \"endpoint\", \"capacity\", \"remaining\", \"at\", \"resets\") values (?, ?, ?, ?, ?, ?) on conflict (\"account\", \"endpoint\") do update set \"capacity\" = \"excluded\".\"capacity\", \"remaining\" = case when (\"limits\".\"resets\" > \"excluded\".\"at\" and \"limits\".\"remaining\" < \"excluded\".\"remaining\" and \"limits\".\"at\" <= \"excluded\".\"at\") then \"limits\".\"remaining\" else \"excluded\".\"remaining\" end, \"at\" = \"excluded\".\"at\", \"resets\" = case when (\"limits\".\"resets\" > \"excluded\".\"resets\" and \"limits\".\"at\" <= \"excluded\".\"at\") then \"limits\".\"resets\" else \"excluded\".\"resets\" end",
    fields: ["account","endpoint","capacity","remaining","at","resets"],
  },
  limitOf: {
    sql: "select * from \"limits\" where \"account\" = ? and \"endpoint\" = ?",
    fields: ["account","endpoint"],
  },
  takeLimit: {
    sql: "update \"limits\" set \"remaining\" = \"remaining\" - 1 where \"account\" = ? and \"endpoint\" = ? and \"remaining\" > ? and \"resets\" > ?",
    fields: ["account","endpoint","floor","at"],
  },
  insertInverse: {
    sql: "insert into \"inverses\" (\"call_id\", \"position\", \"at\", \"user\", \"run\", \"operation\", \"object\", \"backend\", \"connection\", \"how\", \"image\", \"why\", \"undone\") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
    fields: ["call_id","position","at","user","run","operation","object","backend","connection","how","image","why","undone"],
  },
  inversesOf: {
    sql: "select * from \"inverses\" where \"call_id\" = ? order by \"position\"",
    fields: ["call_id"],
  },
  inversesOfRun: {
    sql: "select * from \"inverses\" where \"run\" = ? and \"at\" <= ? and (\"at\" < ? or (\"at\" = ? and \"call_id\" < ?)) order by \"at\" desc, \"call_id\" desc, \"position\" desc limit ?",
    fields: ["run","at","at","at","call_id","limit"],
  },
  countInverses: {
    sql: "select count(*) as \"writes\" from \"inverses\" where \"run\" = ?",
    fields: ["run"],
  },
  undoInverse: {
    sql: "update \"inverses\" set \"undone\" = ?, \"image\" = null where \"call_id\" = ? and \"position\" = ? and \"undone\" is null",
    fields: ["undone","call_id","position"],
  },
  forgetInverses: {
    sql: "delete from \"inverses\" where \"at\" < ?",
    fields: ["before"],
  },
  listCalls: {
    sql: "select * from \"calls\" where (cast(? as text) is null or \"operation\" = ?) and (cast(? as text) is null or \"user\" = ?) and (cast(? as text) is null or \"outcome\" = ?) and (cast(? as text) is null or \"at\" >= ?) order by \"at\" desc, \"id\" desc limit ?",
    fields: ["operation","operation","user","user","outcome","outcome","since","since","limit"],
  },
  showCall: {
    sql: "select * from \"calls\" where \"id\" = ?",
    fields: ["id"],
  },
  attemptsOf: {
    sql: "select * from \"attempts\" where \"call_id\" = ? order by \"position\"",
    fields: ["id"],
  },
  lastAttempt: {
    sql: "select \"at\", \"code\" from \"attempts\" where \"backend\" = ? and \"connection\" = ? and \"shows\" = ? order by \"at\" desc limit 1",
    fields: ["backend","connection","shows"],
  },
  accountOf: {
    sql: "select * from \"accounts\" where \"backend\" = ? and \"connection\" = ? order by \"at\" desc limit 1",
    fields: ["backend","connection"],
  },
  insertBulkRun: {
    sql: "insert into \"bulk_runs\" (\"id\", \"at\", \"operation\", \"user\", \"file\", \"hash\", \"rows\", \"options\", \"state\", \"reason\", \"loaded\") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
    fields: ["id","at","operation","user","file","hash","rows","options","state","reason","loaded"],
  },
  bulkRunOf: {
    sql: "select * from \"bulk_runs\" where \"id\" = ?",
    fields: ["id"],
  },
  listBulkRuns: {
    sql: "select * from \"bulk_runs\" order by \"at\" desc, \"id\" desc limit ?",
    fields: ["limit"],
  },
  bulkRunsAlike: {
    sql: "select * from \"bulk_runs\" where \"hash\" = ? and \"operation\" = ? and \"user\" = ? order by \"at\" desc",
    fields: ["hash","operation","user"],
  },
  moveBulkRun: {
    sql: "update \"bulk_runs\" set \"state\" = ?, \"reason\" = ? where \"id\" = ?",
    fields: ["state","reason","id"],
  },
  bulkRunLoaded: {
    sql: "update \"bulk_runs\" set \"loaded\" = 1 where \"id\" = ?",
    fields: ["id"],
  },
  insertBulkRow: {
    sql: "insert into \"bulk_rows\" (\"run\", \"line\", \"state\", \"owner\", \"begun\", \"until\", \"at\", \"code\", \"object\", \"fields\") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
    fields: ["run","line","state","owner","begun","until","at","code","object","fields"],
  },
  bulkRowOf: {
    sql: "select * from \"bulk_rows\" where \"run\" = ? and \"line\" = ?",
    fields: ["run","line"],
  },
  takenBulkRows: {
    sql: "select * from \"bulk_rows\" where \"run\" = ? and \"state\" = 'taken'",
    fields: ["run"],
  },
  passBulkRow: {
    sql: "update \"bulk_rows\" set \"state\" = 'taken', \"owner\" = ?, \"until\" = ? where \"run\" = ? and \"line\" = ? and \"state\" = ? and \"owner\" = ?",
    fields: ["owner","until","run","line","was","from"],
  },
  renewBulkRow: {
    sql: "update \"bulk_rows\" set \"until\" = ? where \"run\" = ? and \"line\" = ? and \"owner\" = ? and \"state\" = 'taken'",
    fields: ["until","run","line","owner"],
  },
  leaveBulkRow: {
    sql: "update \"bulk_rows\" set \"state\" = 'open', \"owner\" = '' where \"run\" = ? and \"line\" = ? and \"owner\" = ? and \"state\" = 'taken'",
    fields: ["run","line","owner"],
  },
  settleBulkRow: {
    sql: "update \"bulk_rows\" set \"state\" = ?, \"at\" = ?, \"code\" = ?, \"object\" = ?, \"fields\" = ?, \"owner\" = '' where \"run\" = ? and \"line\" = ? and \"owner\" = ? and \"state\" = 'taken'",
    fields: ["state","at","code","object","fields","run","line","owner"],
  },
  emptyKey: {
    sql: "update \"keys\" set \"data\" = null where \"user\" = ? and \"key\" = ? and \"state\" = 'done'",
    fields: ["user","key"],
  },
  bulkResults: {
    sql: "select * from \"bulk_rows\" where \"run\" = ? and \"state\" in ('done', 'failed', 'unknown') and \"at\" >= ? and (\"at\" > ? or (\"at\" = ? and \"line\" > ?)) order by \"at\", \"line\" limit ?",
    fields: ["run","at","at","at","line","limit"],
  },
  countBulkRows: {
    sql: "select \"state\", \"code\", count(*) as \"rows\" from \"bulk_rows\" where \"run\" = ? group by \"state\", \"code\"",
    fields: ["run"],
  },
  listRulings: {
    sql: "select * from \"rulings\" order by \"name\"",
    fields: [],
  },
  rulingOf: {
    sql: "select * from \"rulings\" where \"name\" = ?",
    fields: ["name"],
  },
  insertRuling: {
    sql: "insert into \"rulings\" (\"name\", \"revision\", \"by\", \"at\", \"value\") values (?, ?, ?, ?, ?) on conflict do nothing",
    fields: ["name","revision","by","at","value"],
  },
  replaceRuling: {
    sql: "update \"rulings\" set \"revision\" = ?, \"by\" = ?, \"at\" = ?, \"value\" = ? where \"name\" = ? and \"revision\" = ?",
    fields: ["revision","by","at","value","name","before"],
  },
  putTally: {
    sql: "insert into \"tallies\" (\"subject\", \"counter\", \"operation\", \"measure\", \"count\", \"total\") values (?, ?, ?, ?, ?, ?) on conflict (\"subject\", \"counter\", \"operation\", \"measure\") do update set \"count\" = \"excluded\".\"count\", \"total\" = \"excluded\".\"total\"",
    fields: ["subject","counter","operation","measure","count","total"],
  },
  sumTallies: {
    sql: "select \"operation\", \"measure\", sum(\"count\") as \"count\", sum(\"total\") as \"total\" from \"tallies\" where \"subject\" = ? group by \"operation\", \"measure\" order by \"operation\", \"measure\"",
    fields: ["subject"],
  },
  forgetTallies: {
    sql: "delete from \"tallies\" where \"subject\" >= ? and \"subject\" < ? and \"subject\" != ?",
    fields: ["first","last","except"],
  },
  operationUses: {
    sql: "select \"calls\".\"operation\" as \"call\", \"attempts\".\"operation\" as \"step\", \"attempts\".\"backend\", \"attempts\".\"transport\", count(*) as \"requests\", max(\"calls\".\"at\") as \"last\" from \"calls\" inner join \"attempts\" on \"attempts\".\"call_id\" = \"calls\".\"id\" where \"calls\".\"at\" >= ? group by \"calls\".\"operation\", \"attempts\".\"operation\", \"attempts\".\"backend\", \"attempts\".\"transport\"",
    fields: ["since"],
  },
  userUses: {
    sql: "select \"user\", count(*) as \"calls\", max(\"at\") as \"last\" from \"calls\" where \"at\" >= ? group by \"user\" order by \"user\"",
    fields: ["since"],
  },
  busiestMinute: {
    sql: "select substr(at, 1, 16) as \"minute\", count(*) as \"number\" from \"calls\" where \"at\" >= ? and \"backend\" = ? group by substr(at, 1, 16) order by \"number\" desc, \"minute\" limit 1",
    fields: ["since","backend"],
  },
  recentEndings: {
    sql: "select \"attempts\".\"backend\", \"attempts\".\"code\", count(*) as \"requests\", sum(\"attempts\".\"ms\") as \"ms\" from (select \"id\" from \"calls\" where \"at\" >= ? order by \"at\" desc, \"id\" desc limit ?) as \"recent\" inner join \"attempts\" on \"attempts\".\"call_id\" = \"recent\".\"id\" group by \"attempts\".\"backend\", \"attempts\".\"code\"",
    fields: ["since","limit"],
  },
};
