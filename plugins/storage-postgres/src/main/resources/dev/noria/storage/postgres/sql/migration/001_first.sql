-- Noria, schema 1. States: 0 blocked, 1 scheduled, 2 ready, 3 running, 4 completed, 5 dead, 6 cancelled.
-- Instants are milliseconds since 1970. {ns} is the namespace, which is this schema. Names of functions end with
-- the number of the schema that made them, so that the releases before and after it can run at the same time.

-- Versions and settings of the namespace.
CREATE TABLE "{ns}".meta (
  name text COLLATE "C" PRIMARY KEY,
  value bigint NOT NULL
);

-- One row per queue, never deleted. Who deals with groups or limits of a queue holds its row.
CREATE TABLE "{ns}".queue (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  paused boolean NOT NULL DEFAULT false,
  grouped boolean NOT NULL DEFAULT false,
  policy bytea,
  turn bigint NOT NULL DEFAULT 1,
  plain_turn bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- How many jobs are in which state, together with the rows of tally.
CREATE TABLE "{ns}".total (
  queue int PRIMARY KEY,
  blocked bigint NOT NULL DEFAULT 0,
  scheduled bigint NOT NULL DEFAULT 0,
  ready bigint NOT NULL DEFAULT 0,
  running bigint NOT NULL DEFAULT 0,
  completed bigint NOT NULL DEFAULT 0,
  dead bigint NOT NULL DEFAULT 0,
  cancelled bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- What transactions add to the totals. Appended only, so that nobody waits for anybody; maintenance folds it.
CREATE TABLE "{ns}".tally (
  queue int NOT NULL,
  blocked int NOT NULL DEFAULT 0,
  scheduled int NOT NULL DEFAULT 0,
  ready int NOT NULL DEFAULT 0,
  running int NOT NULL DEFAULT 0,
  completed int NOT NULL DEFAULT 0,
  dead int NOT NULL DEFAULT 0,
  cancelled int NOT NULL DEFAULT 0
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- The order in which jobs became ready.
CREATE SEQUENCE "{ns}".place AS bigint;

-- Unfinished jobs: what every job has first, NULL for what it does not use.
CREATE TABLE "{ns}".job (
  id uuid NOT NULL,
  place bigint NOT NULL,
  due bigint NOT NULL,
  enqueued bigint NOT NULL,
  queue int NOT NULL,
  flags int NOT NULL,
  epoch int NOT NULL DEFAULT 0,
  attempt int NOT NULL DEFAULT 0,
  crashes int NOT NULL DEFAULT 0,
  generation int NOT NULL DEFAULT 0,
  state smallint NOT NULL,
  rank smallint NOT NULL,
  nonce bigint,
  call bigint,
  expires bigint,
  leased bigint,
  deadline bigint,
  type text COLLATE "C" NOT NULL,
  grp text COLLATE "C",
  key text COLLATE "C",
  reason text,
  extra bytea,
  payload bytea NOT NULL,
  PRIMARY KEY (id) WITH (fillfactor = 70)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000,
  autovacuum_analyze_scale_factor = 0.2, autovacuum_vacuum_cost_delay = 1);
CREATE INDEX job_line ON "{ns}".job (queue, rank, place) WHERE state = 2 AND grp IS NULL;
CREATE INDEX job_group ON "{ns}".job (queue, grp, rank, place) WHERE state = 2 AND grp IS NOT NULL;
CREATE INDEX job_due ON "{ns}".job (queue, due, place) WHERE state = 1;
CREATE INDEX job_lease ON "{ns}".job (queue, expires) WHERE state = 3;
CREATE INDEX job_running ON "{ns}".job (queue, grp) WHERE state = 3 AND grp IS NOT NULL;
CREATE INDEX job_deadline ON "{ns}".job (deadline) WHERE deadline IS NOT NULL AND state < 3;

-- Finished jobs that are kept.
CREATE TABLE "{ns}".done (
  id uuid PRIMARY KEY,
  due bigint NOT NULL,
  enqueued bigint NOT NULL,
  finished bigint NOT NULL,
  gone bigint NOT NULL,
  queue int NOT NULL,
  flags int NOT NULL,
  epoch int NOT NULL,
  attempt int NOT NULL,
  crashes int NOT NULL,
  generation int NOT NULL,
  state smallint NOT NULL,
  rank smallint NOT NULL,
  place bigint NOT NULL,
  deadline bigint,
  type text COLLATE "C" NOT NULL,
  grp text COLLATE "C",
  key text COLLATE "C",
  reason text,
  extra bytea,
  payload bytea NOT NULL
);
CREATE INDEX done_gone ON "{ns}".done (gone);
CREATE INDEX done_finished ON "{ns}".done (state, finished);

-- The groups of a queue in its ring. Changed only by who holds the row of the queue.
CREATE TABLE "{ns}".grp (
  queue int NOT NULL,
  name text COLLATE "C" NOT NULL,
  turn bigint NOT NULL DEFAULT 0,
  credit bigint NOT NULL DEFAULT 0,
  open boolean NOT NULL DEFAULT false,
  tokens bigint NOT NULL DEFAULT 0,
  per bigint NOT NULL DEFAULT 0,
  filled bigint NOT NULL DEFAULT -1,
  resume bigint NOT NULL DEFAULT -1,
  PRIMARY KEY (queue, name)
);
CREATE INDEX grp_ring ON "{ns}".grp (queue, turn) WHERE open;
CREATE INDEX grp_resume ON "{ns}".grp (queue, resume) WHERE resume >= 0;

-- A group has work or a slot again: appended by whoever saw to that, read by the next dequeue of the queue.
CREATE TABLE "{ns}".bell (
  queue int NOT NULL,
  grp text COLLATE "C" NOT NULL
);
CREATE INDEX bell_queue ON "{ns}".bell (queue);

-- Who leases under which nonce.
CREATE TABLE "{ns}".worker (
  nonce bigint PRIMARY KEY,
  name text NOT NULL,
  seen bigint NOT NULL
);

-- Jobs that are ready again at a place that they had before, each until it is leased: who knows where the living
-- rows of a line begin would not look for them there.
CREATE TABLE "{ns}".back (
  id uuid NOT NULL,
  place bigint NOT NULL,
  queue int NOT NULL,
  rank smallint NOT NULL
);

-- The last call of each client; the reply only where it is not plain. Every 256 calls have a row of their own:
-- while a snapshot of somebody holds back vacuum, each call would walk over all older versions of the only one.
CREATE TABLE "{ns}".call (
  client bigint NOT NULL,
  part bigint NOT NULL,
  sequence bigint NOT NULL,
  at bigint NOT NULL,
  reply bytea,
  PRIMARY KEY (client, part)
) WITH (fillfactor = 40);

-- Workers that sleep; nothing is lost with it but a little time.
CREATE UNLOGGED TABLE "{ns}".sleeper (
  nonce bigint NOT NULL,
  queue int NOT NULL,
  due bigint NOT NULL,
  instance text NOT NULL,
  PRIMARY KEY (nonce, queue)
);

-- Deduplication keys. until: 0 started, 1 finished, 2 purged, 3 window.
CREATE TABLE "{ns}".key (
  queue int NOT NULL,
  name text COLLATE "C" NOT NULL,
  holder uuid NOT NULL,
  until smallint NOT NULL,
  expires bigint NOT NULL DEFAULT -1,
  PRIMARY KEY (queue, name)
);
CREATE INDEX key_expires ON "{ns}".key (expires) WHERE expires >= 0;

-- Who waits for whom, as long as the dependent waits at all: a prerequisite is kept until then.
-- state: 0 open, 1 held (ended badly and the dependent waits on), 2 done.
CREATE TABLE "{ns}".edge (
  prerequisite uuid NOT NULL,
  dependent uuid NOT NULL,
  state smallint NOT NULL,
  PRIMARY KEY (prerequisite, dependent)
);
CREATE INDEX edge_dependent ON "{ns}".edge (dependent);

-- Ended jobs whose dependents are not all settled yet.
CREATE TABLE "{ns}".ended (
  id uuid PRIMARY KEY,
  state smallint NOT NULL
);

CREATE TABLE "{ns}".result (
  id uuid PRIMARY KEY,
  bytes bytea NOT NULL
);
CREATE TABLE "{ns}".failure (
  id uuid NOT NULL,
  n int NOT NULL,
  generation int NOT NULL,
  attempt int NOT NULL,
  type text NOT NULL,
  fingerprint text NOT NULL,
  message text NOT NULL,
  stack text NOT NULL,
  worker text NOT NULL,
  started bigint NOT NULL,
  ended bigint NOT NULL,
  PRIMARY KEY (id, n)
);
CREATE TABLE "{ns}".progress (
  id uuid PRIMARY KEY,
  percent int NOT NULL,
  message bytea NOT NULL
);
CREATE TABLE "{ns}".line (
  id uuid NOT NULL,
  n bigint NOT NULL,
  at bigint NOT NULL,
  text bytea NOT NULL,
  PRIMARY KEY (id, n)
);
CREATE TABLE "{ns}".step (
  id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  result bytea NOT NULL,
  PRIMARY KEY (id, name)
);

CREATE SEQUENCE "{ns}".version AS bigint;
CREATE TABLE "{ns}".register (
  name text COLLATE "C" PRIMARY KEY,
  value bytea NOT NULL,
  version bigint NOT NULL,
  expires bigint NOT NULL
);
CREATE INDEX register_expires ON "{ns}".register (expires) WHERE expires >= 0;

-- Recorded changes: first as their transactions committed them, then numbered in that order.
CREATE TABLE "{ns}".change (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL,
  queue text NOT NULL,
  type text NOT NULL,
  previous smallint NOT NULL,
  next smallint NOT NULL,
  at bigint NOT NULL
);
CREATE TABLE "{ns}".event (
  seq bigint PRIMARY KEY,
  id uuid NOT NULL,
  queue text NOT NULL,
  type text NOT NULL,
  previous smallint NOT NULL,
  next smallint NOT NULL,
  at bigint NOT NULL
);

INSERT INTO "{ns}".meta (name, value) VALUES ('events', 0), ('event', 0), ('policies', 0);

-- A payload as JSON for reports; NULL for what is none.
CREATE FUNCTION "{ns}".json_1(payload bytea) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN convert_from(payload, 'UTF8')::jsonb;
EXCEPTION WHEN others THEN
  RETURN NULL;
END $$;

-- Wakes who sleeps on these queues: at once where due is -1, else who would sleep longer. Sleepers of other instances
-- are notified, those of the caller's own are returned. Whom somebody else is waking is left to them.
CREATE FUNCTION "{ns}".wake_1(p_queue int[], p_due bigint[], p_instance text) RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE
  v record;
  v_own int[] := '{}';
BEGIN
  FOR v IN
    SELECT s.nonce, s.queue, s.instance, w.due
    FROM unnest(p_queue, p_due) AS w (queue, due)
    JOIN "{ns}".sleeper s ON s.queue = w.queue AND s.due > w.due
    JOIN "{ns}".queue q ON q.id = s.queue AND NOT q.paused
    FOR UPDATE OF s SKIP LOCKED
  LOOP
    IF v.due < 0 THEN
      DELETE FROM "{ns}".sleeper s WHERE s.nonce = v.nonce AND s.queue = v.queue;
    ELSE
      UPDATE "{ns}".sleeper s SET due = v.due WHERE s.nonce = v.nonce AND s.queue = v.queue;
    END IF;
    IF v.instance = p_instance THEN
      v_own := v_own || v.queue;
    ELSE
      PERFORM pg_notify('noria_{ns}', 'w,' || v.queue || ',' || v.due || ',' || v.instance);
    END IF;
  END LOOP;
  RETURN v_own;
END $$;

-- Notes a call of a client; false when it is not newer than the last one. Locks out a repetition of itself.
CREATE FUNCTION "{ns}".call_1(p_client bigint, p_sequence bigint, p_now bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "{ns}".call SET sequence = p_sequence, at = p_now, reply = NULL
  WHERE client = p_client AND part = p_sequence / 256 AND sequence < p_sequence;
  IF FOUND THEN
    RETURN true;
  END IF;
  IF EXISTS (SELECT FROM "{ns}".call WHERE client = p_client AND sequence >= p_sequence) THEN
    RETURN false;
  END IF;
  INSERT INTO "{ns}".call (client, part, sequence, at) VALUES (p_client, p_sequence / 256, p_sequence, p_now)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM "{ns}".call WHERE client = p_client AND part < p_sequence / 256;
  RETURN true;
END $$;

-- Where the living rows of lines begin: the first ready job of each line (queue, rank) from p_low on, also one that
-- somebody has locked; NULL for none. mark is behind all transactions that have taken a place so far, and settled says
-- whether those before p_since have ended, so that what they made ready is seen. A transaction takes its number before
-- its first place, and holds the sequence of places until it ends.
CREATE FUNCTION "{ns}".look_1(p_queue int[], p_rank int[], p_low bigint[], p_since bigint)
RETURNS TABLE (mark bigint, settled boolean, queue int, rank int, place bigint) LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
#variable_conflict use_column
DECLARE
  v_mark bigint := txid_current();
  v_settled boolean := txid_snapshot_xmin(txid_current_snapshot()) > p_since;
BEGIN
  IF NOT v_settled THEN
    v_settled := NOT EXISTS (
      SELECT FROM pg_locks l
      LEFT JOIN pg_locks x ON x.virtualtransaction = l.virtualtransaction AND x.locktype = 'transactionid'
        AND x.mode = 'ExclusiveLock'
      WHERE l.relation = '"{ns}".place'::regclass AND l.mode = 'RowExclusiveLock'
        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
        AND (x.transactionid IS NULL OR age(x.transactionid) >= v_mark - p_since));
  END IF;
  -- A statement of its own: its snapshot is newer than what was seen to have ended.
  RETURN QUERY SELECT v_mark, v_settled, w.queue, w.rank, (
    SELECT j.place FROM "{ns}".job j WHERE j.queue = w.queue AND j.state = 2 AND j.grp IS NULL AND j.rank = w.rank
      AND j.place >= w.low
    ORDER BY j.queue, j.rank, j.place LIMIT 1)
  FROM unnest(p_queue, p_rank, p_low) AS w (queue, rank, low);
END $$;

-- Stores jobs that have neither keys nor dependencies, all or none. Answers first 0: done; 1: an older or repeated
-- call; 2: not a case for this function. Then the queues whose sleepers of the caller's own instance are woken.
CREATE FUNCTION "{ns}".enqueue_1(p_client bigint, p_sequence bigint, p_now bigint, p_instance text, p_id uuid[],
  p_queue int[], p_state int[], p_rank int[], p_due bigint[], p_flags int[], p_deadline bigint[], p_type text[],
  p_grp text[], p_extra bytea[], p_payload bytea[]) RETURNS int[] LANGUAGE plpgsql
  SET lock_timeout = '5s' SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  v_count int;
  v_woken int[] := '{}';
BEGIN
  IF (SELECT value FROM "{ns}".meta WHERE name = 'events') <> 0 THEN
    RETURN '{2}';
  END IF;
  IF NOT "{ns}".call_1(p_client, p_sequence, p_now) THEN
    RETURN '{1}';
  END IF;
  WITH stored AS (
    INSERT INTO "{ns}".job (id, place, due, enqueued, queue, flags, state, rank, deadline, type, grp, extra, payload)
    SELECT u.id, CASE WHEN u.rank % 2 = 0 THEN -nextval('"{ns}".place') ELSE nextval('"{ns}".place') END, u.due, p_now,
      u.queue, u.flags, u.state, u.rank, nullif(u.deadline, -1), u.type, u.grp, u.extra, u.payload
    FROM unnest(p_id, p_queue, p_state, p_rank, p_due, p_flags, p_deadline, p_type, p_grp, p_extra, p_payload)
      AS u (id, queue, state, rank, due, flags, deadline, type, grp, extra, payload)
    WHERE NOT EXISTS (SELECT FROM "{ns}".done d WHERE d.id = u.id LIMIT 1)
    ON CONFLICT (id) DO NOTHING RETURNING queue, state
  ), counted AS (
    INSERT INTO "{ns}".tally (queue, scheduled, ready)
    SELECT c.queue, count(*) FILTER (WHERE c.state = 1), count(*) FILTER (WHERE c.state = 2)
    FROM stored c GROUP BY c.queue
  )
  SELECT count(*) INTO v_count FROM stored;
  IF v_count < cardinality(p_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'NR002', MESSAGE = 'a job exists';
  END IF;
  IF cardinality(array_remove(p_grp, NULL)) > 0 THEN
    INSERT INTO "{ns}".bell (queue, grp)
    SELECT DISTINCT u.queue, u.grp FROM unnest(p_queue, p_grp, p_state) AS u (queue, grp, state)
    WHERE u.grp IS NOT NULL AND u.state = 2;
  END IF;
  IF EXISTS (SELECT FROM "{ns}".sleeper) THEN
    SELECT "{ns}".wake_1(array_agg(u.queue), array_agg(u.due), p_instance) INTO v_woken
    FROM (SELECT q.queue, min(CASE q.state WHEN 2 THEN -1 ELSE q.due END) AS due
      FROM unnest(p_queue, p_state, p_due) AS q (queue, state, due) GROUP BY q.queue) u;
  END IF;
  RETURN 0 || v_woken;
END $$;

-- Acks and dequeues the plain way: completed jobs that are nothing but a row, queues without groups and limits.
-- Rows of kind 0: the summary, num when the next job is due (-1: none), place the server's clock; 1: a paused
-- queue; 3: a leased job. A summary with state 1 is for an older or repeated call, 2 for a call that
-- this function does not handle. The last four arrays are the parts of the lines in which ready jobs may be: of which
-- queue, from which rank and place, to which rank.
CREATE FUNCTION "{ns}".exchange_1(p_client bigint, p_sequence bigint, p_now bigint, p_instance text, p_nonce bigint,
  p_call bigint, p_expires bigint, p_ack uuid[], p_epoch int[], p_ack_nonce bigint[], p_queue int[], p_limit int[],
  p_total int, p_bytes bigint, p_park boolean, p_awake boolean, p_part int[], p_rank int[], p_place bigint[],
  p_last int[])
RETURNS TABLE (kind int, num bigint, place bigint, state int, id uuid, queue int, enqueued bigint, due bigint,
  flags int, epoch int, attempt int, crashes int, generation int, rank int, deadline bigint, type text, extra bytea,
  payload bytea) LANGUAGE plpgsql
  SET lock_timeout = '5s' SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
  SET enable_mergejoin = off SET enable_sort = off AS $$
#variable_conflict use_column
DECLARE
  v record;
  v_rows tid[];
  v_promoted int[] := '{}';
  v_limited boolean;
  v_leased int := 0;
  v_due bigint;
  v_back boolean;
  v_unusual boolean;
  v_paused int[];
  v_part int[] := p_part;
  v_rank int[] := p_rank;
  v_place bigint[] := p_place;
  v_last int[] := p_last;
  v_until bigint[] := array_fill(9223372036854775807, ARRAY[cardinality(p_part)]);
BEGIN
  kind := 0;
  SELECT bool_or(q.grouped OR q.policy IS NOT NULL)
      OR (SELECT m.value FROM "{ns}".meta m WHERE m.name = 'events') <> 0
      OR EXISTS (SELECT FROM "{ns}".job j WHERE j.deadline IS NOT NULL AND j.state < 3 AND j.deadline < p_now),
    array_agg(q.id) FILTER (WHERE q.paused), EXISTS (SELECT FROM "{ns}".back b WHERE b.queue = ANY (p_queue))
  INTO v_unusual, v_paused, v_back FROM "{ns}".queue q WHERE q.id = ANY (p_queue);
  IF v_unusual THEN
    state := 2;
    RETURN NEXT;
    RETURN;
  END IF;
  IF NOT "{ns}".call_1(p_client, p_sequence, p_now) THEN
    state := 1;
    RETURN NEXT;
    RETURN;
  END IF;
  v_paused := coalesce(v_paused, '{}');
  IF p_awake THEN
    DELETE FROM "{ns}".sleeper s WHERE s.nonce = p_nonce AND s.queue = ANY (p_queue);
  END IF;

  IF cardinality(p_ack) > 0 THEN
    -- In the order of the ids, as everybody locks jobs: 5911 are the flags of a job that is more than a row. Rows are
    -- found one by one and changed by their places, so that no statistics can make a plan that reads the table.
    SELECT array_agg(t.tid) INTO v_rows
    FROM unnest(p_ack, p_epoch, p_ack_nonce) AS a (id, epoch, nonce) CROSS JOIN LATERAL (
      SELECT j.ctid AS tid FROM "{ns}".job j
      WHERE j.id = a.id AND j.state + 0 = 3 AND j.epoch = a.epoch AND j.nonce = a.nonce AND j.flags & 5911 = 0
      LIMIT 1 FOR UPDATE) t;
    IF coalesce(cardinality(v_rows), 0) < cardinality(p_ack) THEN
      RAISE EXCEPTION USING ERRCODE = 'NR002', MESSAGE = 'not every ack is plain';
    END IF;
    WITH gone AS (
      DELETE FROM "{ns}".job j WHERE j.ctid = ANY (v_rows) RETURNING j.queue
    ), counted AS (
      INSERT INTO "{ns}".tally (queue, running) SELECT g.queue, -count(*) FROM gone g GROUP BY g.queue
      RETURNING queue
    )
    SELECT bool_or((SELECT q.policy IS NOT NULL FROM "{ns}".queue q WHERE q.id = c.queue)) INTO v_limited
    FROM counted c;
    IF v_limited THEN
      -- A slot may be free: the careful way knows whom to tell.
      RAISE EXCEPTION USING ERRCODE = 'NR002', MESSAGE = 'a queue has limits';
    END IF;
  END IF;

  IF p_total > 0 THEN
    FOR v IN
      SELECT c.id, w.id AS queue FROM unnest(p_queue) AS w (id) CROSS JOIN LATERAL (
        SELECT j.id FROM "{ns}".job j WHERE j.queue = w.id AND j.state = 1 AND j.due <= p_now
        ORDER BY j.queue, j.due, j.place LIMIT greatest(1000, p_total) FOR UPDATE SKIP LOCKED) c
      WHERE w.id <> ALL (v_paused)
    LOOP
      UPDATE "{ns}".job j SET state = 2, due = p_now,
        place = CASE WHEN j.rank % 2 = 1 THEN nextval('"{ns}".place') WHEN j.place < 0 THEN j.place
          ELSE -nextval('"{ns}".place') END
      WHERE j.id = v.id;
      v_promoted := v_promoted || v.queue;
    END LOOP;
    IF v_promoted <> '{}' THEN
      INSERT INTO "{ns}".tally (queue, scheduled, ready)
      SELECT u.queue, -count(*), count(*) FROM unnest(v_promoted) AS u (queue) GROUP BY u.queue;
    END IF;

    IF v_back AND cardinality(p_part) > cardinality(p_queue) THEN
      -- Jobs that came back to places that are passed are parts of their own.
      SELECT array_agg(t.queue ORDER BY t.queue, t.rank, t.place), array_agg(t.rank ORDER BY t.queue, t.rank, t.place),
        array_agg(t.place ORDER BY t.queue, t.rank, t.place), array_agg(t.last ORDER BY t.queue, t.rank, t.place),
        array_agg(t.until ORDER BY t.queue, t.rank, t.place)
      INTO v_part, v_rank, v_place, v_last, v_until
      FROM (
        SELECT s.* FROM unnest(p_part, p_rank, p_place, p_last, v_until) AS s (queue, rank, place, last, until)
        UNION
        SELECT b.queue, b.rank::int, b.place, b.rank::int, b.place FROM "{ns}".back b
        WHERE b.queue = ANY (p_queue) AND NOT EXISTS (
          SELECT FROM unnest(p_part, p_rank, p_place, p_last) AS s (queue, rank, place, last)
          WHERE s.queue = b.queue AND (b.rank, b.place) >= (s.rank, s.place) AND b.rank <= s.last)) t;
    END IF;

    SELECT array_agg(f.tid) INTO v_rows FROM (
      SELECT o.tid, row_number() OVER () AS n, sum(o.size) OVER (ROWS UNBOUNDED PRECEDING) AS sum FROM (
        SELECT c.tid, c.size FROM unnest(p_queue, p_limit) AS w (id, most) CROSS JOIN LATERAL (
          SELECT h.tid, h.size FROM unnest(v_part, v_rank, v_place, v_last, v_until)
            AS s (queue, rank, place, last, until) CROSS JOIN LATERAL (
            SELECT j.ctid AS tid, octet_length(j.payload) AS size FROM "{ns}".job j
            WHERE j.queue = w.id AND j.state = 2 AND j.grp IS NULL
              AND (j.rank, j.place) >= (s.rank, s.place) AND (j.rank, j.place) <= (s.last, s.until)
            ORDER BY j.queue, j.rank, j.place LIMIT w.most FOR UPDATE SKIP LOCKED) h
          WHERE s.queue = w.id
          LIMIT w.most) c
        WHERE w.id <> ALL (v_paused)
        LIMIT p_total) o) f
    WHERE f.n = 1 OR f.sum <= p_bytes;

    RETURN QUERY
    WITH taken AS (
      UPDATE "{ns}".job j SET state = 3, epoch = j.epoch + 1, attempt = j.attempt + 1, flags = j.flags & ~96,
        nonce = p_nonce, call = p_call, expires = p_expires, leased = p_now
      WHERE j.ctid = ANY (v_rows)
      RETURNING j.place, j.id, j.queue, j.enqueued, j.due, j.flags, j.epoch, j.attempt, j.crashes, j.generation,
        j.rank, j.deadline, j.type, j.key, j.extra, j.payload
    ), counted AS (
      INSERT INTO "{ns}".tally (queue, ready, running) SELECT t.queue, -count(*), count(*) FROM taken t GROUP BY t.queue
    ), started AS (
      DELETE FROM "{ns}".key k WHERE k.ctid = ANY (ARRAY(
        SELECT l.tid FROM taken t CROSS JOIN LATERAL (
          SELECT o.ctid AS tid FROM "{ns}".key o
          WHERE o.queue = t.queue AND o.name = t.key AND o.holder = t.id AND o.until = 0 LIMIT 1) l
        WHERE t.key IS NOT NULL))
    ), fetched AS (
      DELETE FROM "{ns}".back b WHERE v_back AND b.queue = ANY (p_queue) AND b.id IN (SELECT t.id FROM taken t)
    )
    SELECT 3, NULL::bigint, t.place, NULL::int, t.id, t.queue, t.enqueued, t.due, t.flags, t.epoch, t.attempt, t.crashes,
      t.generation, t.rank::int, t.deadline, t.type, t.extra, t.payload FROM taken t;
    GET DIAGNOSTICS v_leased = ROW_COUNT;
  END IF;

  SELECT min(n.due) INTO v_due FROM unnest(p_queue) AS w (id) CROSS JOIN LATERAL (
    SELECT j.due FROM "{ns}".job j WHERE j.queue = w.id AND j.state = 1
    ORDER BY j.queue, j.due, j.place LIMIT 1) n
  WHERE w.id <> ALL (v_paused);
  IF p_park AND v_leased < p_total THEN
    INSERT INTO "{ns}".sleeper (nonce, queue, due, instance)
    SELECT p_nonce, w.id, coalesce(v_due, 9223372036854775807), p_instance FROM unnest(p_queue) AS w (id)
    ON CONFLICT (nonce, queue) DO UPDATE SET due = excluded.due, instance = excluded.instance;
  END IF;
  kind := 1;
  FOREACH queue IN ARRAY v_paused LOOP
    RETURN NEXT;
  END LOOP;
  kind := 0;
  num := coalesce(v_due, -1);
  place := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
  state := 0;
  RETURN NEXT;
END $$;

-- For people and reports; see the README.
CREATE VIEW "{ns}".job_history AS
SELECT
  j.id AS job, q.name AS queue, j.type AS type, j.grp AS job_group, j.key AS key,
  (ARRAY['BLOCKED', 'SCHEDULED', 'READY', 'RUNNING', 'COMPLETED', 'DEAD', 'CANCELLED'])[j.state + 1] AS state,
  j.reason AS reason, 100 - j.rank / 2 AS priority, j.generation AS generation, j.attempt AS attempt,
  j.crashes AS crashes,
  to_timestamp(j.enqueued / 1000.0) AS enqueued_at, to_timestamp(j.due / 1000.0) AS due_at,
  to_timestamp(j.leased / 1000.0) AS started_at, to_timestamp(j.finished / 1000.0) AS finished_at,
  w.name AS worker, f.type AS last_error_type, f.message AS last_error_message,
  to_timestamp(f.ended / 1000.0) AS last_error_at, "{ns}".json_1(j.payload) AS payload
FROM (
  SELECT id, queue, type, grp, key, state, reason, rank, generation, attempt, crashes, enqueued, due, leased,
    NULL::bigint AS finished, nonce, payload FROM "{ns}".job
  UNION ALL
  SELECT id, queue, type, grp, key, state, reason, rank, generation, attempt, crashes, enqueued, due, NULL, finished,
    NULL, payload FROM "{ns}".done
) j
JOIN "{ns}".queue q ON q.id = j.queue
LEFT JOIN "{ns}".worker w ON w.nonce = j.nonce
LEFT JOIN LATERAL (SELECT l.type, l.message, l.ended FROM "{ns}".failure l WHERE l.id = j.id ORDER BY l.n DESC LIMIT 1) f
  ON true;
