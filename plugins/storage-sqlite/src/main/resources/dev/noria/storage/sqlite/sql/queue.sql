--! name: queue.by_name
SELECT id, name, paused, policy, blocked, scheduled, ready, running, completed, dead, cancelled, grouped_ready,
  groups, instant, ordinal, turn, plain_turn, plain_credit, seen
FROM "{ns}_queue" WHERE name = ?

--! name: queue.by_id
SELECT id, name, paused, policy, blocked, scheduled, ready, running, completed, dead, cancelled, grouped_ready,
  groups, instant, ordinal, turn, plain_turn, plain_credit, seen
FROM "{ns}_queue" WHERE id = ?

--! name: queue.all
SELECT name, paused FROM "{ns}_queue"
WHERE paused = 1 OR policy IS NOT NULL
  OR blocked + scheduled + ready + running + completed + dead + cancelled > 0
ORDER BY name

--! name: queue.insert
INSERT INTO "{ns}_queue" (name) VALUES (?) RETURNING id

--! name: queue.restore
INSERT OR IGNORE INTO "{ns}_queue" (id, name) VALUES (?, ?)

--! name: queue.update
UPDATE "{ns}_queue"
SET blocked = ?, scheduled = ?, ready = ?, running = ?, completed = ?, dead = ?, cancelled = ?, grouped_ready = ?,
  groups = ?, instant = ?, ordinal = ?, turn = ?, plain_turn = ?, plain_credit = ?, seen = ?
WHERE id = ?

--! name: queue.pause
UPDATE "{ns}_queue" SET paused = ? WHERE id = ?

--! name: queue.policy
UPDATE "{ns}_queue" SET policy = ? WHERE id = ?

--! name: grp.by_name
SELECT id, queue, name, ready, running, total, turn, credit, open, tokens, per, filled, resume, seen
FROM "{ns}_grp" WHERE queue = ? AND name = ?

--! name: grp.by_id
SELECT id, queue, name, ready, running, total, turn, credit, open, tokens, per, filled, resume, seen
FROM "{ns}_grp" WHERE id = ?

--! name: grp.insert
INSERT INTO "{ns}_grp" (queue, name) VALUES (?, ?) RETURNING id

--! name: grp.update
UPDATE "{ns}_grp"
SET ready = ?, running = ?, total = ?, turn = ?, credit = ?, open = ?, tokens = ?, per = ?, filled = ?, resume = ?,
  seen = ?
WHERE id = ?

--! name: grp.head
SELECT id FROM "{ns}_grp" WHERE queue = ? AND open = 1 ORDER BY turn LIMIT 1

--! name: grp.resumable
SELECT id FROM "{ns}_grp" WHERE queue = ? AND resume >= 0 AND resume <= ?

--! name: grp.reopen
UPDATE "{ns}_grp" SET open = (ready > 0), resume = -1 WHERE queue = ?

--! name: grp.idle
-- A count that has drifted must not cost jobs their group.
SELECT id FROM "{ns}_grp" g
WHERE total = 0 AND NOT EXISTS (SELECT 1 FROM "{ns}_job" j WHERE j.grp > 0 AND j.grp = g.id)
ORDER BY id LIMIT ?

--! name: grp.delete
DELETE FROM "{ns}_grp" WHERE id = ?

--! name: grp.some
SELECT count(*) FROM (SELECT 1 FROM "{ns}_grp" WHERE queue = ? LIMIT ?)

--! name: grp.page
SELECT id FROM "{ns}_grp" WHERE id > ? ORDER BY id LIMIT ?

--! name: queue.page
SELECT id FROM "{ns}_queue" WHERE id > ? ORDER BY id LIMIT ?

--! name: owner.of
SELECT id FROM "{ns}_owner" WHERE instance = ? AND name = ?

--! name: owner.insert
INSERT INTO "{ns}_owner" (name, instance) VALUES (?, ?) RETURNING id

--! name: owner.name
SELECT name FROM "{ns}_owner" WHERE id = ?

--! name: owner.leasing
-- A loose scan: one step per owner that has leases, also those whose rows are lost.
WITH RECURSIVE leasing (id) AS (
  SELECT min(owner) FROM "{ns}_job" WHERE state = 3
  UNION ALL
  SELECT (SELECT min(j.owner) FROM "{ns}_job" j WHERE j.state = 3 AND j.owner > leasing.id)
  FROM leasing WHERE leasing.id IS NOT NULL
)
SELECT leasing.id, coalesce(o.instance, '') FROM leasing LEFT JOIN "{ns}_owner" o ON o.id = leasing.id
WHERE leasing.id IS NOT NULL

--! name: owner.idle
SELECT id FROM "{ns}_owner" o
WHERE instance <> ? AND NOT EXISTS (SELECT 1 FROM "{ns}_instance" i WHERE i.id = o.instance)
  AND NOT EXISTS (SELECT 1 FROM "{ns}_job" j WHERE j.state = 3 AND j.owner = o.id)
LIMIT 100

--! name: owner.delete
DELETE FROM "{ns}_owner" WHERE id = ?

--! name: instance.insert
INSERT INTO "{ns}_instance" (id, pid, started) VALUES (?, ?, ?)

--! name: instance.delete
DELETE FROM "{ns}_instance" WHERE id = ?

--! name: instance.all
SELECT id, pid, started FROM "{ns}_instance"

--! name: instance.others
SELECT count(*) FROM "{ns}_instance" WHERE id <> ?

--! name: meta.value
SELECT value FROM "{ns}_meta" WHERE name = ?

--! name: meta.put
INSERT INTO "{ns}_meta" (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
