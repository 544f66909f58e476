--! name: key.of
SELECT holder, until, expires FROM "{ns}_key" WHERE queue = ? AND name = ?

--! name: key.put
INSERT OR REPLACE INTO "{ns}_key" (queue, name, holder, until, expires) VALUES (?, ?, ?, ?, ?)

--! name: key.take
INSERT OR IGNORE INTO "{ns}_key" (queue, name, holder, until, expires) VALUES (?, ?, ?, ?, ?)

--! name: key.free
DELETE FROM "{ns}_key" WHERE queue = ? AND name = ? AND holder = ? AND until <= ?

--! name: key.expire
DELETE FROM "{ns}_key"
WHERE (queue, name) IN (SELECT queue, name FROM "{ns}_key" WHERE expires >= 0 AND expires <= ? LIMIT ?)

--! name: key.page
SELECT queue, name, holder, until FROM "{ns}_key" WHERE (queue, name) > (?, ?) ORDER BY queue, name LIMIT ?

--! name: edge.add
INSERT OR IGNORE INTO "{ns}_edge" (prerequisite, dependent, state) VALUES (?, ?, ?)

--! name: edge.set
UPDATE "{ns}_edge" SET state = ? WHERE prerequisite = ? AND dependent = ?

--! name: edge.unhold
UPDATE "{ns}_edge" SET state = 0 WHERE prerequisite = ? AND state = 1

--! name: edge.drop
DELETE FROM "{ns}_edge" WHERE dependent = ?

--! name: edge.pending
SELECT count(*) FROM "{ns}_edge" WHERE dependent = ? AND state < 2

--! name: edge.dependents
SELECT dependent FROM "{ns}_edge" WHERE prerequisite = ? AND state = 0 LIMIT ?

--! name: edge.prerequisites
SELECT prerequisite FROM "{ns}_edge" WHERE dependent = ? AND state = 0

--! name: edge.any
SELECT count(*) FROM (SELECT 1 FROM "{ns}_edge" WHERE prerequisite = ? LIMIT 1)

--! name: ended.add
INSERT OR REPLACE INTO "{ns}_ended" (id, state) VALUES (?, ?)

--! name: ended.next
SELECT id, state FROM "{ns}_ended" LIMIT 1

--! name: ended.remove
DELETE FROM "{ns}_ended" WHERE id = ?
