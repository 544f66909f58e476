--! name: key.of
SELECT holder, until, expires FROM "{ns}".key WHERE queue = ? AND name = ?

--! name: key.take
INSERT INTO "{ns}".key (queue, name, holder, until, expires) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING

--! name: key.over
UPDATE "{ns}".key SET holder = ?, until = ?, expires = ?
WHERE queue = ? AND name = ? AND expires >= 0 AND expires <= ?

--! name: key.free
DELETE FROM "{ns}".key WHERE queue = ? AND name = ? AND holder = ? AND until <= ?

--! name: key.expire
DELETE FROM "{ns}".key k USING (
  SELECT queue, name FROM "{ns}".key WHERE expires >= 0 AND expires <= ? LIMIT ? FOR UPDATE SKIP LOCKED) o
WHERE k.queue = o.queue AND k.name = o.name

--! name: key.page
SELECT queue, name, holder, until FROM "{ns}".key WHERE (queue, name) > (?, ?) ORDER BY queue, name LIMIT ?

--! name: edge.add
INSERT INTO "{ns}".edge (prerequisite, dependent, state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING

--! name: edge.set
UPDATE "{ns}".edge SET state = ? WHERE prerequisite = ? AND dependent = ?

--! name: edge.unhold
UPDATE "{ns}".edge SET state = 0 WHERE prerequisite = ? AND state = 1

--! name: edge.drop
DELETE FROM "{ns}".edge WHERE dependent = ?

--! name: edge.pending
SELECT count(*) FROM "{ns}".edge WHERE dependent = ? AND state < 2

--! name: edge.dependents
SELECT dependent FROM "{ns}".edge WHERE prerequisite = ? AND state = 0 ORDER BY dependent LIMIT ?

--! name: edge.prerequisites
SELECT prerequisite FROM "{ns}".edge WHERE dependent = ? AND state = 0

--! name: edge.any
SELECT EXISTS (SELECT FROM "{ns}".edge WHERE prerequisite = ?)

--! name: ended.add
INSERT INTO "{ns}".ended (id, state) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state

--! name: ended.next
SELECT id, state FROM "{ns}".ended WHERE id >= ? ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED

--! name: ended.of
SELECT id, state FROM "{ns}".ended WHERE id = ? FOR UPDATE SKIP LOCKED

--! name: ended.remove
DELETE FROM "{ns}".ended WHERE id = ?
