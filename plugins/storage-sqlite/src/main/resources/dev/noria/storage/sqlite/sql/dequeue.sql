--! name: dequeue.line
SELECT seq, id, rank, enqueued, flags, attempt, crashes, generation, epoch, deadline, body
FROM "{ns}_job"
WHERE queue = ? AND grp = ? AND state = 2
ORDER BY rank, place LIMIT ? OFFSET ?

--! name: dequeue.lease
UPDATE "{ns}_job"
SET state = 3, epoch = epoch + 1, attempt = attempt + 1, flags = flags & ~96, nonce = ?, owner = ?, expires = ?,
  leased = ?
WHERE seq IN (SELECT value FROM json_each(?))

--! name: dequeue.due
SELECT seq FROM "{ns}_job" WHERE queue = ? AND state = 1 AND due <= ? ORDER BY due, seq LIMIT ?

--! name: dequeue.next_due
SELECT coalesce(min(due), -1) FROM "{ns}_job" WHERE queue = ? AND state = 1

--! name: dequeue.next_resume
SELECT coalesce(min(resume), -1) FROM "{ns}_grp" WHERE queue = ? AND resume >= 0

--! name: watch.next_due
SELECT coalesce(min(due), -1) FROM "{ns}_job"
WHERE queue = (SELECT id FROM "{ns}_queue" WHERE name = ? AND paused = 0) AND state = 1
