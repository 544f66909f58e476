--! name: queue.id
SELECT id, grouped FROM "{ns}".queue WHERE name = ?

--! name: queue.name
SELECT name, grouped FROM "{ns}".queue WHERE id = ?

--! name: queue.make
INSERT INTO "{ns}".queue (name) VALUES (?) ON CONFLICT DO NOTHING

--! name: queue.group
UPDATE "{ns}".queue SET grouped = true WHERE id = ? AND NOT grouped

--! name: queue.look
SELECT id, name, paused, grouped, policy, turn, plain_turn FROM "{ns}".queue WHERE id = ?

--! name: queue.lock
SELECT id, name, paused, grouped, policy, turn, plain_turn FROM "{ns}".queue WHERE id = ? FOR UPDATE

--! name: queue.lock_free
SELECT id, name, paused, grouped, policy, turn, plain_turn FROM "{ns}".queue WHERE id = ? FOR UPDATE SKIP LOCKED

--! name: queue.turns
UPDATE "{ns}".queue SET turn = ?, plain_turn = ? WHERE id = ?

--! name: queue.pause
UPDATE "{ns}".queue SET paused = ? WHERE id = ?

--! name: queue.policy
UPDATE "{ns}".queue SET policy = ? WHERE id = ?

--! name: queue.running
SELECT count(*) FROM "{ns}".job WHERE queue = ? AND state = 3

--! name: queue.limited
SELECT id FROM "{ns}".queue WHERE id = ANY (?) AND policy IS NOT NULL

--! name: queue.all
SELECT q.name, q.paused FROM "{ns}".queue q LEFT JOIN (
  SELECT queue, sum(blocked + scheduled + ready + running + completed + dead + cancelled) AS jobs FROM (
    SELECT * FROM "{ns}".tally UNION ALL SELECT * FROM "{ns}".total) both_tables
  GROUP BY queue) t ON t.queue = q.id
WHERE q.paused OR q.policy IS NOT NULL OR t.jobs > 0
ORDER BY q.name

--! name: queue.counts
SELECT coalesce(sum(t.blocked), 0), coalesce(sum(t.scheduled), 0), coalesce(sum(t.ready), 0),
  coalesce(sum(t.running), 0), coalesce(sum(t.completed), 0), coalesce(sum(t.dead), 0), coalesce(sum(t.cancelled), 0)
FROM (SELECT * FROM "{ns}".tally UNION ALL SELECT * FROM "{ns}".total) t
WHERE t.queue = (SELECT id FROM "{ns}".queue WHERE name = ?)

--! name: tally.add
INSERT INTO "{ns}".tally (queue, blocked, scheduled, ready, running, completed, dead, cancelled)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)

--! name: tally.alone
SELECT pg_try_advisory_xact_lock(hashtextextended('noria tally {ns}', 0))

--! name: tally.fold
WITH taken AS (
  DELETE FROM "{ns}".tally t WHERE t.ctid = ANY (ARRAY(SELECT ctid FROM "{ns}".tally LIMIT 50000)) RETURNING *
)
INSERT INTO "{ns}".total AS o (queue, blocked, scheduled, ready, running, completed, dead, cancelled)
SELECT queue, sum(blocked), sum(scheduled), sum(ready), sum(running), sum(completed), sum(dead), sum(cancelled)
FROM taken GROUP BY queue
ON CONFLICT (queue) DO UPDATE SET blocked = o.blocked + excluded.blocked, scheduled = o.scheduled + excluded.scheduled,
  ready = o.ready + excluded.ready, running = o.running + excluded.running, completed = o.completed + excluded.completed,
  dead = o.dead + excluded.dead, cancelled = o.cancelled + excluded.cancelled

--! name: bell.ring
INSERT INTO "{ns}".bell (queue, grp) VALUES (?, ?)

--! name: bell.answer
DELETE FROM "{ns}".bell WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM "{ns}".bell WHERE queue = ? LIMIT 10000 FOR UPDATE SKIP LOCKED)) RETURNING grp

--! name: bell.missing
-- Of these groups with work, those that are not in the ring and will not come back to it by themselves.
SELECT DISTINCT w.queue, w.grp FROM unnest(?, ?) AS w (queue, grp)
WHERE NOT EXISTS (SELECT FROM "{ns}".bell b WHERE b.queue = w.queue AND b.grp = w.grp)
  AND NOT EXISTS (SELECT FROM "{ns}".grp g WHERE g.queue = w.queue AND g.name = w.grp AND (g.open OR g.resume >= 0))

--! name: grp.open
INSERT INTO "{ns}".grp (queue, name, open, turn) VALUES (?, ?, true, ?)
ON CONFLICT (queue, name) DO UPDATE SET open = true, turn = excluded.turn, credit = 0, resume = -1
WHERE NOT "grp".open AND "grp".resume < 0

--! name: grp.of
SELECT queue, name, turn, credit, open, tokens, per, filled, resume FROM "{ns}".grp WHERE queue = ? AND name = ?

--! name: grp.head
SELECT queue, name, turn, credit, open, tokens, per, filled, resume
FROM "{ns}".grp WHERE queue = ? AND open ORDER BY queue, turn LIMIT 1

--! name: grp.resumable
SELECT queue, name, turn, credit, open, tokens, per, filled, resume
FROM "{ns}".grp WHERE queue = ? AND resume >= 0 AND resume <= ? ORDER BY resume

--! name: grp.update
UPDATE "{ns}".grp SET turn = ?, credit = ?, open = ?, tokens = ?, per = ?, filled = ?, resume = ?
WHERE queue = ? AND name = ?

--! name: grp.reopen
UPDATE "{ns}".grp SET open = true, resume = -1 WHERE queue = ? AND NOT open

--! name: grp.running
SELECT count(*) FROM "{ns}".job WHERE queue = ? AND state = 3 AND grp = ?

--! name: grp.idle
SELECT queue, name, turn, credit, open, tokens, per, filled, resume FROM "{ns}".grp
WHERE NOT open AND resume < 0 LIMIT ?

--! name: grp.delete
DELETE FROM "{ns}".grp WHERE queue = ? AND name = ?
