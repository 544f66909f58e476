--! name: fast.enqueue
SELECT "{ns}".enqueue_1(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

--! name: fast.exchange
SELECT * FROM "{ns}".exchange_1(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

--! name: job.insert
INSERT INTO "{ns}".job (id, place, due, enqueued, queue, flags, state, rank, deadline, type, grp, key, extra, payload)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING

--! name: job.lock
SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce, call, expires,
  leased, deadline, NULL::bigint AS finished, NULL::bigint AS gone, reason, type, grp, key, extra, NULL::bytea AS payload
FROM "{ns}".job WHERE id = ANY (?) ORDER BY id FOR UPDATE

--! name: job.lock_free
SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce, call, expires,
  leased, deadline, NULL::bigint AS finished, NULL::bigint AS gone, reason, type, grp, key, extra, NULL::bytea AS payload
FROM "{ns}".job WHERE id = ANY (?) ORDER BY id FOR UPDATE SKIP LOCKED

--! name: done.lock
SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, NULL::bigint AS nonce,
  NULL::bigint AS call, NULL::bigint AS expires, NULL::bigint AS leased, deadline, finished, gone, reason, type, grp, key,
  extra, NULL::bytea AS payload
FROM "{ns}".done WHERE id = ANY (?) ORDER BY id FOR UPDATE

--! name: job.of
SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce, call, expires,
  leased, deadline, NULL::bigint AS finished, NULL::bigint AS gone, reason, type, grp, key, extra, payload
FROM "{ns}".job WHERE id = ANY (?)
UNION ALL
SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, NULL, NULL, NULL,
  NULL, deadline, finished, gone, reason, type, grp, key, extra, payload
FROM "{ns}".done WHERE id = ANY (?)

--! name: job.after
(SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce, call, expires,
  leased, deadline, NULL::bigint AS finished, NULL::bigint AS gone, reason, type, grp, key, extra, NULL::bytea AS payload
FROM "{ns}".job WHERE id >= ? ORDER BY id LIMIT ?)
UNION ALL
(SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, NULL, NULL, NULL,
  NULL, deadline, finished, gone, reason, type, grp, key, extra, NULL
FROM "{ns}".done WHERE id >= ? ORDER BY id LIMIT ?)
ORDER BY id LIMIT ?

--! name: job.page
SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce, call, expires,
  leased, deadline, NULL::bigint AS finished, NULL::bigint AS gone, reason, type, grp, key, extra, NULL::bytea AS payload
FROM "{ns}".job WHERE id >= ? ORDER BY id LIMIT ?

--! name: job.export
(SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce, call, expires,
  leased, deadline, NULL::bigint AS finished, NULL::bigint AS gone, reason, type, grp, key, extra, payload
FROM "{ns}".job WHERE id >= ? ORDER BY id LIMIT ?)
UNION ALL
(SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, NULL, NULL, NULL,
  NULL, deadline, finished, gone, reason, type, grp, key, extra, payload
FROM "{ns}".done WHERE id >= ? ORDER BY id LIMIT ?)
ORDER BY id LIMIT ?

--! name: job.leased
SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce, call, expires,
  leased, deadline, NULL::bigint AS finished, NULL::bigint AS gone, reason, type, grp, key, extra, payload
FROM "{ns}".job WHERE queue = ANY (?) AND state = 3 AND nonce = ? AND call = ?

--! name: job.state_of
SELECT state FROM "{ns}".job WHERE id = ? UNION ALL SELECT state FROM "{ns}".done WHERE id = ?

--! name: job.update
UPDATE "{ns}".job
SET state = ?, rank = ?, place = ?, due = ?, flags = ?, attempt = ?, crashes = ?, generation = ?, epoch = ?, nonce = ?,
  call = ?, expires = ?, leased = ?, reason = ?, extra = ?
WHERE id = ?

--! name: job.rewrite
UPDATE "{ns}".job SET payload = ? WHERE id = ?

--! name: job.flag
UPDATE "{ns}".job SET flags = flags | ? WHERE id = ?

--! name: done.flag
UPDATE "{ns}".done SET flags = flags | ? WHERE id = ?

--! name: job.finish
WITH gone AS (DELETE FROM "{ns}".job WHERE id = ? RETURNING *)
INSERT INTO "{ns}".done (id, due, enqueued, finished, gone, queue, flags, epoch, attempt, crashes, generation, state, rank,
  place, deadline, type, grp, key, reason, extra, payload)
SELECT g.id, g.due, g.enqueued, ?, ?, g.queue, ?, ?, ?, ?, g.generation, ?, g.rank, g.place, g.deadline, g.type, g.grp,
  g.key, ?, g.extra, g.payload FROM gone g

--! name: done.generation
UPDATE "{ns}".done SET generation = ? WHERE id = ?

--! name: job.again
WITH gone AS (DELETE FROM "{ns}".done WHERE id = ? RETURNING *)
INSERT INTO "{ns}".job (id, place, due, enqueued, queue, flags, epoch, attempt, crashes, generation, state, rank, deadline,
  type, grp, key, reason, extra, payload)
SELECT g.id, g.place, g.due, g.enqueued, g.queue, g.flags, g.epoch, g.attempt, g.crashes, g.generation, 2, g.rank,
  g.deadline, g.type, g.grp, g.key, g.reason, g.extra, g.payload FROM gone g

--! name: job.delete
DELETE FROM "{ns}".job WHERE id = ?

--! name: done.delete
DELETE FROM "{ns}".done WHERE id = ?

--! name: job.place
-- The number of the transaction comes before its first place; see look_1.
SELECT nextval('"{ns}".place') FROM (SELECT txid_current()) t

--! name: job.ready_of
SELECT id FROM "{ns}".job WHERE queue = ? AND state = 2 ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED

--! name: job.scheduled_of
SELECT id FROM "{ns}".job WHERE queue = ? AND state = 1 ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED

--! name: job.blocked_of
SELECT id FROM "{ns}".job WHERE queue = ? AND state = 0 ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED

--! name: done.of
SELECT id FROM "{ns}".done WHERE queue = ? ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED

--! name: done.before
SELECT d.id FROM "{ns}".done d
WHERE d.state = ? AND d.finished < ?
  AND NOT (d.flags & 4 <> 0 AND EXISTS (SELECT FROM "{ns}".edge e WHERE e.prerequisite = d.id))
ORDER BY d.finished LIMIT ? FOR UPDATE OF d SKIP LOCKED

--! name: done.before_of
SELECT d.id FROM "{ns}".done d
WHERE d.state = ? AND d.finished < ? AND d.queue = ?
  AND NOT (d.flags & 4 <> 0 AND EXISTS (SELECT FROM "{ns}".edge e WHERE e.prerequisite = d.id))
ORDER BY d.finished LIMIT ? FOR UPDATE OF d SKIP LOCKED

--! name: done.outlived
SELECT d.id FROM "{ns}".done d
WHERE d.gone <= ? AND NOT (d.flags & 4 <> 0 AND EXISTS (SELECT FROM "{ns}".edge e WHERE e.prerequisite = d.id))
ORDER BY d.gone LIMIT ? FOR UPDATE OF d SKIP LOCKED

--! name: job.past_deadline
SELECT id FROM "{ns}".job WHERE deadline IS NOT NULL AND deadline < ? AND state < 3
ORDER BY deadline LIMIT ? FOR UPDATE SKIP LOCKED

--! name: job.expired_leases
SELECT c.id FROM "{ns}".queue q CROSS JOIN LATERAL (
  SELECT j.id FROM "{ns}".job j WHERE j.queue = q.id AND j.state = 3 AND j.expires <= ?
  ORDER BY j.expires LIMIT ? FOR UPDATE SKIP LOCKED) c
LIMIT ?

--! name: job.oldest_ready
-- A loose scan: one step per line and rank of the queue, whatever the number of jobs.
WITH RECURSIVE line (grp, rank) AS (
  (SELECT j.grp, j.rank FROM "{ns}".job j WHERE j.state = 2 AND j.queue = ? AND j.grp IS NOT NULL
   ORDER BY j.grp, j.rank LIMIT 1)
  UNION ALL
  SELECT n.grp, n.rank FROM line CROSS JOIN LATERAL (
    SELECT j.grp, j.rank FROM "{ns}".job j
    WHERE j.state = 2 AND j.queue = ? AND j.grp IS NOT NULL AND (j.grp, j.rank) > (line.grp, line.rank)
    ORDER BY j.grp, j.rank LIMIT 1) n
), plain (rank) AS (
  (SELECT j.rank FROM "{ns}".job j WHERE j.state = 2 AND j.queue = ? AND j.grp IS NULL ORDER BY j.rank LIMIT 1)
  UNION ALL
  SELECT n.rank FROM plain CROSS JOIN LATERAL (
    SELECT j.rank FROM "{ns}".job j WHERE j.state = 2 AND j.queue = ? AND j.grp IS NULL AND j.rank > plain.rank
    ORDER BY j.rank LIMIT 1) n
)
SELECT min(c.due) FROM (
  SELECT h.due FROM line CROSS JOIN LATERAL (
    (SELECT j.due FROM "{ns}".job j WHERE j.state = 2 AND j.queue = ? AND j.grp = line.grp AND j.rank = line.rank
     AND line.rank % 2 = 1 ORDER BY j.place LIMIT 1)
    UNION ALL
    (SELECT j.due FROM "{ns}".job j WHERE j.state = 2 AND j.queue = ? AND j.grp = line.grp AND j.rank = line.rank
     AND line.rank % 2 = 0 ORDER BY j.place DESC LIMIT 1)) h
  UNION ALL
  SELECT h.due FROM plain CROSS JOIN LATERAL (
    (SELECT j.due FROM "{ns}".job j WHERE j.state = 2 AND j.queue = ? AND j.grp IS NULL AND j.rank = plain.rank
     AND plain.rank % 2 = 1 ORDER BY j.place LIMIT 1)
    UNION ALL
    (SELECT j.due FROM "{ns}".job j WHERE j.state = 2 AND j.queue = ? AND j.grp IS NULL AND j.rank = plain.rank
     AND plain.rank % 2 = 0 ORDER BY j.place DESC LIMIT 1)) h
) c

--! name: dequeue.plain
-- The parts of a line: from which rank and place, to which.
SELECT c.* FROM unnest(?, ?, ?, ?) AS s (rank, place, last, until) CROSS JOIN LATERAL (
  SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce, call, expires,
    leased, deadline, NULL::bigint AS finished, NULL::bigint AS gone, reason, type, grp, key, extra, payload
  FROM "{ns}".job j WHERE j.queue = ? AND j.state = 2 AND j.grp IS NULL
    AND (j.rank, j.place) >= (s.rank, s.place) AND (j.rank, j.place) <= (s.last, s.until)
  ORDER BY j.queue, j.rank, j.place LIMIT ? FOR UPDATE SKIP LOCKED) c
LIMIT ? OFFSET ?

--! name: line.look
SELECT mark, settled, queue, rank, place FROM "{ns}".look_1(?, ?, ?, ?)

--! name: back.add
INSERT INTO "{ns}".back (id, place, queue, rank) VALUES (?, ?, ?, ?)

--! name: back.of
SELECT DISTINCT rank, place FROM "{ns}".back WHERE queue = ?

--! name: back.trim
DELETE FROM "{ns}".back b WHERE NOT EXISTS (
  SELECT FROM "{ns}".job j WHERE j.id = b.id AND j.state = 2 AND j.rank = b.rank AND j.place = b.place)

--! name: dequeue.group
SELECT id, queue, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce, call, expires,
  leased, deadline, NULL::bigint AS finished, NULL::bigint AS gone, reason, type, grp, key, extra, payload
FROM "{ns}".job WHERE queue = ? AND state = 2 AND grp = ?
ORDER BY queue, grp, rank, place LIMIT ? OFFSET ? FOR UPDATE SKIP LOCKED

--! name: dequeue.any_of_group
SELECT EXISTS (SELECT FROM "{ns}".job WHERE queue = ? AND state = 2 AND grp = ?)

--! name: dequeue.lease
WITH fetched AS (DELETE FROM "{ns}".back WHERE queue = ? AND id = ANY (?))
UPDATE "{ns}".job
SET state = 3, epoch = epoch + 1, attempt = attempt + 1, flags = flags & ~96, nonce = ?, call = ?, expires = ?,
  leased = ?
WHERE id = ANY (?)

--! name: dequeue.due
SELECT id FROM "{ns}".job WHERE queue = ? AND state = 1 AND due <= ? ORDER BY queue, due, place LIMIT ?
FOR UPDATE SKIP LOCKED

--! name: dequeue.next_due
SELECT min(due) FROM "{ns}".job WHERE queue = ? AND state = 1

--! name: dequeue.next_resume
SELECT min(resume) FROM "{ns}".grp WHERE queue = ? AND resume >= 0

--! name: extend.run
-- Rows that somebody's transaction has locked are left alone. Each row is found by its id, whatever the statistics say.
WITH free AS MATERIALIZED (
  SELECT t.id, t.tid FROM unnest(?, ?, ?) AS a (id, epoch, nonce) CROSS JOIN LATERAL (
    SELECT j.id, j.ctid AS tid FROM "{ns}".job j
    WHERE j.id = a.id AND j.state + 0 = 3 AND j.epoch = a.epoch AND j.nonce = a.nonce
    LIMIT 1 FOR UPDATE SKIP LOCKED) t
), pushed AS (
  UPDATE "{ns}".job j SET flags = j.flags | ?,
    expires = CASE WHEN (j.flags | ?) & 64 = 0 THEN greatest(j.expires, ?) ELSE j.expires END
  WHERE j.ctid = ANY (ARRAY(SELECT tid FROM free))
)
SELECT id FROM free

--! name: extend.look
SELECT t.id, t.flags, t.expires FROM unnest(?, ?, ?) AS a (id, epoch, nonce) CROSS JOIN LATERAL (
  SELECT j.id, j.flags, j.expires FROM "{ns}".job j
  WHERE j.id = a.id AND j.state + 0 = 3 AND j.epoch = a.epoch AND j.nonce = a.nonce LIMIT 1) t

--! name: job.insert_all
INSERT INTO "{ns}".job (id, place, due, enqueued, queue, flags, state, rank, deadline, type, grp, extra, payload)
SELECT u.id, CASE WHEN u.rank % 2 = 0 THEN -nextval('"{ns}".place') ELSE nextval('"{ns}".place') END, u.due, ?,
  u.queue, u.flags, u.state, u.rank, nullif(u.deadline, -1), u.type, u.grp, u.extra, u.payload
FROM (SELECT txid_current()) t, (
  SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY
    AS a (id, queue, state, rank, due, flags, deadline, type, grp, extra, payload, n)
  WHERE NOT EXISTS (SELECT FROM "{ns}".done d WHERE d.id = a.id) ORDER BY a.n) u
ON CONFLICT (id) DO NOTHING RETURNING id

--! name: job.insert_placed
INSERT INTO "{ns}".job (id, place, due, enqueued, queue, flags, state, rank, deadline, type, grp, extra, payload)
SELECT a.id, a.place, a.due, ?, a.queue, a.flags, a.state, a.rank, nullif(a.deadline, -1), a.type, a.grp, a.extra,
  a.payload
FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  AS a (id, queue, state, rank, due, flags, deadline, type, grp, extra, payload, place)
WHERE NOT EXISTS (SELECT FROM "{ns}".done d WHERE d.id = a.id)
ON CONFLICT (id) DO NOTHING RETURNING id

--! name: job.places
SELECT nextval('"{ns}".place') FROM (SELECT txid_current()) t, generate_series(1, ?)

--! name: job.states_of
SELECT id, state FROM "{ns}".job WHERE id = ANY (?) UNION ALL SELECT id, state FROM "{ns}".done WHERE id = ANY (?)

--! name: job.unmarked
SELECT id FROM "{ns}".job WHERE id = ANY (?) AND flags & ? = 0
