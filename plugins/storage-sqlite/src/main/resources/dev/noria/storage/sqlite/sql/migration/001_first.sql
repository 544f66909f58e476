-- Noria, schema 1. States: 0 blocked, 1 scheduled, 2 ready, 3 running, 4 completed, 5 dead, 6 cancelled.
-- Instants are milliseconds since 1970; -1 is "none". {ns} is the namespace.

-- Versions, counters and settings of the namespace.
CREATE TABLE "{ns}_meta" (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;

-- One row per queue: settings, exact counts, and where its lines go on. seen: what a recount under way has counted.
CREATE TABLE "{ns}_queue" (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  paused INTEGER NOT NULL DEFAULT 0,
  policy BLOB,
  blocked INTEGER NOT NULL DEFAULT 0,
  scheduled INTEGER NOT NULL DEFAULT 0,
  ready INTEGER NOT NULL DEFAULT 0,
  running INTEGER NOT NULL DEFAULT 0,
  completed INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  cancelled INTEGER NOT NULL DEFAULT 0,
  grouped_ready INTEGER NOT NULL DEFAULT 0,
  groups INTEGER NOT NULL DEFAULT 0,
  instant INTEGER NOT NULL DEFAULT 0,
  ordinal INTEGER NOT NULL DEFAULT 0,
  turn INTEGER NOT NULL DEFAULT 1,
  plain_turn INTEGER NOT NULL DEFAULT 0,
  plain_credit INTEGER NOT NULL DEFAULT 0,
  seen BLOB
);

-- One row per job: narrow columns first, what was enqueued packed in the body.
CREATE TABLE "{ns}_job" (
  seq INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  queue INTEGER NOT NULL,
  grp INTEGER NOT NULL,
  state INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  place INTEGER NOT NULL,
  due INTEGER NOT NULL,
  enqueued INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  generation INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL DEFAULT 0,
  nonce INTEGER NOT NULL DEFAULT 0,
  owner INTEGER NOT NULL DEFAULT 0,
  expires INTEGER NOT NULL DEFAULT -1,
  leased INTEGER NOT NULL DEFAULT -1,
  deadline INTEGER NOT NULL DEFAULT -1,
  finished INTEGER NOT NULL DEFAULT -1,
  gone INTEGER NOT NULL DEFAULT -1,
  reason TEXT,
  body BLOB NOT NULL
);
CREATE UNIQUE INDEX "{ns}_job_id" ON "{ns}_job" (id);
CREATE INDEX "{ns}_job_ready" ON "{ns}_job" (queue, grp, rank, place) WHERE state = 2;
CREATE INDEX "{ns}_job_grp" ON "{ns}_job" (grp) WHERE grp > 0;
CREATE INDEX "{ns}_job_due" ON "{ns}_job" (queue, due) WHERE state = 1;
CREATE INDEX "{ns}_job_lease" ON "{ns}_job" (owner, expires) WHERE state = 3;
CREATE INDEX "{ns}_job_gone" ON "{ns}_job" (gone) WHERE state > 3;
CREATE INDEX "{ns}_job_finished" ON "{ns}_job" (state, finished) WHERE state > 3;
CREATE INDEX "{ns}_job_deadline" ON "{ns}_job" (deadline) WHERE deadline >= 0 AND state < 3;

-- The sub-lines of a queue, their counts, their place in the ring, their tokens. No id is given twice: jobs whose row
-- is lost must not come into a group of another name.
CREATE TABLE "{ns}_grp" (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  queue INTEGER NOT NULL,
  name TEXT NOT NULL,
  ready INTEGER NOT NULL DEFAULT 0,
  running INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  turn INTEGER NOT NULL DEFAULT 0,
  credit INTEGER NOT NULL DEFAULT 0,
  open INTEGER NOT NULL DEFAULT 0,
  tokens INTEGER NOT NULL DEFAULT 0,
  per INTEGER NOT NULL DEFAULT 0,
  filled INTEGER NOT NULL DEFAULT -1,
  resume INTEGER NOT NULL DEFAULT -1,
  seen BLOB,
  UNIQUE (queue, name)
);
CREATE INDEX "{ns}_grp_ring" ON "{ns}_grp" (queue, turn) WHERE open = 1;
CREATE INDEX "{ns}_grp_resume" ON "{ns}_grp" (queue, resume) WHERE resume >= 0;
CREATE INDEX "{ns}_grp_idle" ON "{ns}_grp" (id) WHERE total = 0;

-- Open storages, each with a lock file of its own, and the workers that lease through them.
CREATE TABLE "{ns}_instance" (
  id TEXT PRIMARY KEY,
  pid INTEGER NOT NULL,
  started INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE "{ns}_owner" (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  instance TEXT NOT NULL,
  UNIQUE (instance, name)
);

-- The last call of each client and its reply.
CREATE TABLE "{ns}_call" (
  client INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  reply BLOB NOT NULL
);

-- Deduplication keys. until: 0 started, 1 finished, 2 purged, 3 window.
CREATE TABLE "{ns}_key" (
  queue INTEGER NOT NULL,
  name TEXT NOT NULL,
  holder BLOB NOT NULL,
  until INTEGER NOT NULL,
  expires INTEGER NOT NULL DEFAULT -1,
  PRIMARY KEY (queue, name)
) WITHOUT ROWID;
CREATE INDEX "{ns}_key_expires" ON "{ns}_key" (expires) WHERE expires >= 0;

-- Who waits for whom, as long as the dependent waits at all: a prerequisite is kept until then.
-- state: 0 open, 1 held (ended badly and the dependent waits on), 2 done.
CREATE TABLE "{ns}_edge" (
  prerequisite BLOB NOT NULL,
  dependent INTEGER NOT NULL,
  state INTEGER NOT NULL,
  PRIMARY KEY (prerequisite, dependent)
) WITHOUT ROWID;
CREATE INDEX "{ns}_edge_dependent" ON "{ns}_edge" (dependent);

-- Ended jobs whose dependents are not all settled yet.
CREATE TABLE "{ns}_ended" (
  id BLOB PRIMARY KEY,
  state INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE "{ns}_result" (
  seq INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL
);
CREATE TABLE "{ns}_failure" (
  seq INTEGER NOT NULL,
  n INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  type TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  message TEXT NOT NULL,
  stack TEXT NOT NULL,
  worker TEXT NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  PRIMARY KEY (seq, n)
) WITHOUT ROWID;

CREATE TABLE "{ns}_progress" (
  seq INTEGER PRIMARY KEY,
  percent INTEGER NOT NULL,
  message BLOB NOT NULL
);
CREATE TABLE "{ns}_line" (
  seq INTEGER NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  text BLOB NOT NULL,
  PRIMARY KEY (seq, n)
) WITHOUT ROWID;
CREATE TABLE "{ns}_step" (
  seq INTEGER NOT NULL,
  name TEXT NOT NULL,
  result BLOB NOT NULL,
  PRIMARY KEY (seq, name)
);

CREATE TABLE "{ns}_register" (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL,
  version INTEGER NOT NULL,
  expires INTEGER NOT NULL
);
CREATE INDEX "{ns}_register_expires" ON "{ns}_register" (expires) WHERE expires >= 0;

CREATE TABLE "{ns}_event" (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL,
  queue TEXT NOT NULL,
  type TEXT NOT NULL,
  previous INTEGER NOT NULL,
  next INTEGER NOT NULL,
  at INTEGER NOT NULL
);

-- What other processes shall hear: kind 0 finished, 1 cancel requested.
CREATE TABLE "{ns}_signal" (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  instance TEXT NOT NULL,
  kind INTEGER NOT NULL,
  id BLOB NOT NULL,
  state INTEGER NOT NULL
);

-- For people and reports; see the README.
CREATE VIEW "{ns}_job_history" AS
SELECT
  lower(substr(hex(j.id), 1, 8) || '-' || substr(hex(j.id), 9, 4) || '-' || substr(hex(j.id), 13, 4)
    || '-' || substr(hex(j.id), 17, 4) || '-' || substr(hex(j.id), 21)) AS job,
  q.name AS queue,
  CAST(substr(j.body, 6, instr(substr(j.body, 6), x'00') - 1) AS TEXT) AS type,
  g.name AS job_group,
  CASE j.state WHEN 0 THEN 'BLOCKED' WHEN 1 THEN 'SCHEDULED' WHEN 2 THEN 'READY' WHEN 3 THEN 'RUNNING'
    WHEN 4 THEN 'COMPLETED' WHEN 5 THEN 'DEAD' ELSE 'CANCELLED' END AS state,
  j.reason AS reason,
  100 - j.rank / 2 AS priority,
  j.generation AS generation,
  j.attempt AS attempt,
  j.crashes AS crashes,
  strftime('%Y-%m-%dT%H:%M:%fZ', j.enqueued / 1000.0, 'unixepoch') AS enqueued_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', j.due / 1000.0, 'unixepoch') AS due_at,
  CASE WHEN j.state = 3 THEN strftime('%Y-%m-%dT%H:%M:%fZ', j.leased / 1000.0, 'unixepoch') END AS started_at,
  CASE WHEN j.finished >= 0 THEN strftime('%Y-%m-%dT%H:%M:%fZ', j.finished / 1000.0, 'unixepoch') END AS finished_at,
  CASE WHEN j.state = 3 THEN o.name END AS worker,
  f.type AS last_error_type,
  f.message AS last_error_message,
  strftime('%Y-%m-%dT%H:%M:%fZ', f.ended / 1000.0, 'unixepoch') AS last_error_at
FROM "{ns}_job" j
JOIN "{ns}_queue" q ON q.id = j.queue
LEFT JOIN "{ns}_grp" g ON g.id = j.grp
LEFT JOIN "{ns}_owner" o ON o.id = j.owner
LEFT JOIN "{ns}_failure" f ON f.seq = j.seq
  AND f.n = (SELECT max(n) FROM "{ns}_failure" l WHERE l.seq = j.seq);
