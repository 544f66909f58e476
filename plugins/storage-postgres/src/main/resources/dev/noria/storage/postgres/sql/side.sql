--! name: failure.last
SELECT coalesce(max(n), 0) FROM "{ns}".failure WHERE id = ?

--! name: failure.add
INSERT INTO "{ns}".failure (id, n, generation, attempt, type, fingerprint, message, stack, worker, started, ended)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

--! name: failure.trim
DELETE FROM "{ns}".failure WHERE id = ? AND n > 1 AND n <= ?

--! name: failure.of
SELECT generation, attempt, type, fingerprint, message, stack, worker, started, ended
FROM "{ns}".failure WHERE id = ? ORDER BY n

--! name: failure.with_fingerprint
-- Those of the jobs whose last failure has it.
SELECT w.id FROM unnest(?) AS w (id) CROSS JOIN LATERAL (
  SELECT f.fingerprint FROM "{ns}".failure f WHERE f.id = w.id ORDER BY f.n DESC LIMIT 1) l
WHERE l.fingerprint = ?

--! name: failure.delete
DELETE FROM "{ns}".failure WHERE id = ?

--! name: result.put
INSERT INTO "{ns}".result (id, bytes) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes

--! name: result.of
SELECT bytes FROM "{ns}".result WHERE id = ?

--! name: result.delete
DELETE FROM "{ns}".result WHERE id = ?

--! name: progress.put
INSERT INTO "{ns}".progress (id, percent, message) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET percent = excluded.percent, message = excluded.message

--! name: progress.of
SELECT percent, message FROM "{ns}".progress WHERE id = ?

--! name: progress.delete
DELETE FROM "{ns}".progress WHERE id = ?

--! name: line.last
SELECT coalesce(max(n), 0) FROM "{ns}".line WHERE id = ?

--! name: line.add
INSERT INTO "{ns}".line (id, n, at, text) VALUES (?, ?, ?, ?)

--! name: line.trim
DELETE FROM "{ns}".line WHERE id = ? AND n <= ?

--! name: line.of
SELECT at, text FROM "{ns}".line WHERE id = ? ORDER BY n

--! name: line.delete
DELETE FROM "{ns}".line WHERE id = ?

--! name: step.put
INSERT INTO "{ns}".step (id, name, result) VALUES (?, ?, ?) ON CONFLICT DO NOTHING

--! name: step.of
SELECT name, result FROM "{ns}".step WHERE id = ?

--! name: step.delete
DELETE FROM "{ns}".step WHERE id = ?

--! name: register.of
SELECT name, value, version, expires FROM "{ns}".register WHERE name = ?

--! name: register.lock
SELECT name, value, version, expires FROM "{ns}".register WHERE name = ? FOR UPDATE

--! name: register.version
SELECT nextval('"{ns}".version')

--! name: register.insert
INSERT INTO "{ns}".register (name, value, version, expires) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING

--! name: register.update
UPDATE "{ns}".register SET value = ?, version = ?, expires = ? WHERE name = ?

--! name: register.delete
DELETE FROM "{ns}".register WHERE name = ?

--! name: register.list
SELECT name, value, version, expires FROM "{ns}".register
WHERE name > ? AND name >= ? AND starts_with(name, ?) AND (expires < 0 OR expires > ?)
ORDER BY name LIMIT ?

--! name: register.expire
DELETE FROM "{ns}".register WHERE name IN (
  SELECT name FROM "{ns}".register WHERE expires >= 0 AND expires <= ? LIMIT ? FOR UPDATE SKIP LOCKED)

--! name: change.add
INSERT INTO "{ns}".change (id, queue, type, previous, next, at) VALUES (?, ?, ?, ?, ?, ?)

--! name: event.number
WITH moved AS (
  DELETE FROM "{ns}".change c WHERE c.seq IN (SELECT seq FROM "{ns}".change ORDER BY seq LIMIT 20000) RETURNING c.*
)
INSERT INTO "{ns}".event (seq, id, queue, type, previous, next, at)
SELECT ? + row_number() OVER (ORDER BY m.seq), m.id, m.queue, m.type, m.previous, m.next, m.at FROM moved m

--! name: event.read
SELECT seq, id, queue, type, previous, next, at FROM "{ns}".event WHERE seq > ? ORDER BY seq LIMIT ?

--! name: event.first
SELECT coalesce(min(seq), 0) FROM "{ns}".event

--! name: event.trim
DELETE FROM "{ns}".event WHERE seq <= ?

--! name: wake.up
SELECT "{ns}".wake_1(?, ?, ?)

--! name: sleeper.put
INSERT INTO "{ns}".sleeper (nonce, queue, due, instance) SELECT ?, w.id, ?, ? FROM unnest(?) AS w (id)
ON CONFLICT (nonce, queue) DO UPDATE SET due = excluded.due, instance = excluded.instance

--! name: sleeper.own
DELETE FROM "{ns}".sleeper WHERE queue = ? AND instance = ? AND due > ?

--! name: sleeper.delete
DELETE FROM "{ns}".sleeper WHERE nonce = ? AND queue = ANY (?)

--! name: sleeper.leave
DELETE FROM "{ns}".sleeper WHERE instance = ?

--! name: sleeper.look
-- Which transactions may be open, and what a sleeper may have missed: work that was committed while it lay down.
SELECT txid_snapshot_xmin(txid_current_snapshot()), ARRAY(
  SELECT s.queue FROM "{ns}".sleeper s JOIN "{ns}".queue q ON q.id = s.queue
  WHERE s.nonce = ? AND NOT q.paused AND (
    EXISTS (
      SELECT FROM unnest(?, ?, ?, ?) AS p (queue, rank, place, last) CROSS JOIN LATERAL (
        SELECT FROM "{ns}".job j WHERE j.queue = p.queue AND j.state = 2 AND j.grp IS NULL
          AND (j.rank, j.place) >= (p.rank, p.place) AND j.rank <= p.last LIMIT 1) l
      WHERE p.queue = s.queue)
    OR EXISTS (
      SELECT FROM "{ns}".back b JOIN "{ns}".job j ON j.id = b.id AND j.state = 2 AND j.grp IS NULL
      WHERE b.queue = s.queue)
    OR EXISTS (SELECT FROM "{ns}".bell b WHERE b.queue = s.queue)
    OR EXISTS (SELECT FROM "{ns}".job j WHERE j.queue = s.queue AND j.state = 1 AND j.due < s.due)))
