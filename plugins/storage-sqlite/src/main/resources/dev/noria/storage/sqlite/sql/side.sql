--! name: progress.put
INSERT OR REPLACE INTO "{ns}_progress" (seq, percent, message) VALUES (?, ?, ?)

--! name: progress.of
SELECT percent, message FROM "{ns}_progress" WHERE seq = ?

--! name: progress.delete
DELETE FROM "{ns}_progress" WHERE seq = ?

--! name: line.last
SELECT coalesce(max(n), 0) FROM "{ns}_line" WHERE seq = ?

--! name: line.add
INSERT INTO "{ns}_line" (seq, n, at, text) VALUES (?, ?, ?, ?)

--! name: line.trim
DELETE FROM "{ns}_line" WHERE seq = ? AND n <= ?

--! name: line.of
SELECT at, text FROM "{ns}_line" WHERE seq = ? ORDER BY n

--! name: line.delete
DELETE FROM "{ns}_line" WHERE seq = ?

--! name: step.put
INSERT OR IGNORE INTO "{ns}_step" (seq, name, result) VALUES (?, ?, ?)

--! name: step.of
SELECT name, result FROM "{ns}_step" WHERE seq = ?

--! name: step.delete
DELETE FROM "{ns}_step" WHERE seq = ?

--! name: register.of
SELECT name, value, version, expires FROM "{ns}_register" WHERE name = ?

--! name: register.put
INSERT OR REPLACE INTO "{ns}_register" (name, value, version, expires) VALUES (?, ?, ?, ?)

--! name: register.delete
DELETE FROM "{ns}_register" WHERE name = ?

--! name: register.list
SELECT name, value, version, expires FROM "{ns}_register"
-- x'ff' sorts behind every byte of UTF-8, so these bounds are exactly "starts with".
WHERE name > ?1 AND name >= ?2 AND name < CAST(?2 || x'ff' AS TEXT)
  AND (expires < 0 OR expires > ?3)
ORDER BY name LIMIT ?4

--! name: register.expire
DELETE FROM "{ns}_register"
WHERE name IN (SELECT name FROM "{ns}_register" WHERE expires >= 0 AND expires <= ? LIMIT ?)

--! name: event.add
INSERT INTO "{ns}_event" (id, queue, type, previous, next, at) VALUES (?, ?, ?, ?, ?, ?)

--! name: event.read
SELECT seq, id, queue, type, previous, next, at FROM "{ns}_event" WHERE seq > ? ORDER BY seq LIMIT ?

--! name: event.first
SELECT coalesce(min(seq), 0) FROM "{ns}_event"

--! name: event.last
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{ns}_event'), 0)

--! name: event.trim
DELETE FROM "{ns}_event" WHERE seq <= ?

--! name: signal.add
INSERT INTO "{ns}_signal" (instance, kind, id, state) VALUES (?, ?, ?, ?)

--! name: signal.read
SELECT seq, instance, kind, id, state FROM "{ns}_signal" WHERE seq > ? ORDER BY seq LIMIT 1000

--! name: signal.last
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{ns}_signal'), 0)

--! name: signal.trim
DELETE FROM "{ns}_signal" WHERE seq <= ?

--! name: call.trim
DELETE FROM "{ns}_call" WHERE client IN (SELECT client FROM "{ns}_call" WHERE at < ? LIMIT ?)
