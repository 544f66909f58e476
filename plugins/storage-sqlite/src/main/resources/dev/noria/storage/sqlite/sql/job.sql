--! name: job.insert
INSERT INTO "{ns}_job" (seq, id, queue, grp, state, rank, place, due, enqueued, flags, deadline, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING

--! name: job.insert_run
-- Jobs that differ only in id and body: ?2 holds both end to end, ?12 an array of offset << 28 | length.
INSERT INTO "{ns}_job" (seq, id, queue, grp, state, rank, place, due, enqueued, flags, deadline, body)
SELECT ?1 + key, substr(?2, (value >> 28) + 1, 16), ?3, ?4, ?5, ?6, ?7 + key * ?13, ?8, ?9, ?10, ?11,
  substr(?2, (value >> 28) + 17, (value & 268435455) - 16)
FROM json_each(?12)
WHERE true
ON CONFLICT (id) DO NOTHING

--! name: job.last_seq
SELECT coalesce(max(seq), 0) FROM "{ns}_job"

--! name: job.by_seq
SELECT seq, id, queue, grp, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce,
  owner, expires, leased, deadline, finished, gone, reason, body
FROM "{ns}_job" WHERE seq = ?

--! name: job.by_id
SELECT seq, id, queue, grp, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce,
  owner, expires, leased, deadline, finished, gone, reason, body
FROM "{ns}_job" WHERE id = ?

--! name: job.after_id
SELECT seq, id, queue, grp, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce,
  owner, expires, leased, deadline, finished, gone, reason, body
FROM "{ns}_job" WHERE id > ? ORDER BY id LIMIT ?

--! name: job.after_seq
SELECT seq, id, queue, grp, state, rank, place, due, enqueued, flags, attempt, crashes, generation, epoch, nonce,
  owner, expires, leased, deadline, finished, gone, reason, body
FROM "{ns}_job" WHERE seq > ? ORDER BY seq LIMIT ?

--! name: job.kinds
SELECT seq, queue, grp, state FROM "{ns}_job" WHERE seq > ? ORDER BY seq LIMIT ?

--! name: job.state_of
SELECT state FROM "{ns}_job" WHERE id = ?

--! name: job.seq_of
SELECT seq FROM "{ns}_job" WHERE id = ?

--! name: job.update
UPDATE "{ns}_job"
SET state = ?, rank = ?, place = ?, due = ?, flags = ?, attempt = ?, crashes = ?, generation = ?, epoch = ?,
  nonce = ?, owner = ?, expires = ?, leased = ?, finished = ?, gone = ?, reason = ?
WHERE seq = ?

--! name: job.body
UPDATE "{ns}_job" SET body = ? WHERE seq = ?

--! name: job.flag
UPDATE "{ns}_job" SET flags = flags | ? WHERE seq = ?

--! name: job.rehome
UPDATE "{ns}_job" SET grp = ? WHERE seq = ?

--! name: job.delete
DELETE FROM "{ns}_job" WHERE seq = ?

--! name: job.delete_all
DELETE FROM "{ns}_job" WHERE seq IN (SELECT value FROM json_each(?))

--! name: job.ready_of
SELECT seq FROM "{ns}_job" WHERE queue = ? AND state = 2 LIMIT ?

--! name: job.scheduled_of
SELECT seq FROM "{ns}_job" WHERE queue = ? AND state = 1 LIMIT ?

--! name: job.not_running_of
SELECT seq FROM "{ns}_job" WHERE queue = ? AND state <> 3 LIMIT ?

--! name: job.finished_before
SELECT seq, finished FROM "{ns}_job" j
WHERE state > 3 AND state = ? AND finished < ?
  AND NOT (flags & 4 AND EXISTS (SELECT 1 FROM "{ns}_edge" e WHERE e.prerequisite = j.id))
ORDER BY finished LIMIT ?

--! name: job.finished_before_of
SELECT seq, finished FROM "{ns}_job" j
WHERE state > 3 AND state = ? AND finished < ? AND queue = ?
  AND NOT (flags & 4 AND EXISTS (SELECT 1 FROM "{ns}_edge" e WHERE e.prerequisite = j.id))
ORDER BY finished LIMIT ?

--! name: job.outlived
SELECT seq FROM "{ns}_job" j
WHERE state > 3 AND gone <= ?
  AND NOT (flags & 4 AND EXISTS (SELECT 1 FROM "{ns}_edge" e WHERE e.prerequisite = j.id))
ORDER BY gone LIMIT ?

--! name: job.past_deadline
SELECT seq FROM "{ns}_job" WHERE deadline >= 0 AND deadline < ? AND state < 3 ORDER BY deadline LIMIT ?

--! name: job.expired_leases
SELECT seq FROM "{ns}_job" WHERE state = 3 AND owner = ? AND expires <= ? ORDER BY expires LIMIT ?

--! name: job.oldest_ready
-- A loose scan: one step per (group, rank) of the queue, whatever the number of jobs.
WITH RECURSIVE line (grp, rank) AS (
  SELECT * FROM (SELECT grp, rank FROM "{ns}_job" WHERE state = 2 AND queue = ?1 ORDER BY grp, rank LIMIT 1)
  UNION ALL
  SELECT
    (SELECT j.grp FROM "{ns}_job" j WHERE j.state = 2 AND j.queue = ?1 AND (j.grp, j.rank) > (line.grp, line.rank)
     ORDER BY j.grp, j.rank LIMIT 1),
    (SELECT j.rank FROM "{ns}_job" j WHERE j.state = 2 AND j.queue = ?1 AND (j.grp, j.rank) > (line.grp, line.rank)
     ORDER BY j.grp, j.rank LIMIT 1)
  FROM line WHERE line.grp IS NOT NULL
)
SELECT min(
  CASE WHEN rank % 2 = 1
    THEN (SELECT j.due FROM "{ns}_job" j WHERE j.state = 2 AND j.queue = ?1 AND j.grp = line.grp
          AND j.rank = line.rank ORDER BY j.place LIMIT 1)
    ELSE (SELECT j.due FROM "{ns}_job" j WHERE j.state = 2 AND j.queue = ?1 AND j.grp = line.grp
          AND j.rank = line.rank ORDER BY j.place DESC LIMIT 1)
  END)
FROM line WHERE line.grp IS NOT NULL
