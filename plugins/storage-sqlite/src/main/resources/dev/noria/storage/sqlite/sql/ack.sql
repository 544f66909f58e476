--! name: ack.check
SELECT seq, id, epoch, nonce, queue, grp, flags
FROM "{ns}_job" WHERE seq IN (SELECT value FROM json_each(?)) AND state = 3

--! name: extend.lease
UPDATE "{ns}_job" SET expires = max(expires, ?), flags = flags | ? WHERE seq = ?

--! name: extend.run
UPDATE "{ns}_job" SET expires = max(expires, ?) WHERE seq IN (SELECT value FROM json_each(?))

--! name: failure.last
SELECT coalesce(max(n), 0) FROM "{ns}_failure" WHERE seq = ?

--! name: failure.add
INSERT INTO "{ns}_failure" (seq, n, generation, attempt, type, fingerprint, message, stack, worker, started, ended)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

--! name: failure.trim
DELETE FROM "{ns}_failure" WHERE seq = ? AND n > 1 AND n <= ?

--! name: failure.of
SELECT generation, attempt, type, fingerprint, message, stack, worker, started, ended
FROM "{ns}_failure" WHERE seq = ? ORDER BY n

--! name: failure.fingerprint
SELECT fingerprint FROM "{ns}_failure" WHERE seq = ? ORDER BY n DESC LIMIT 1

--! name: failure.delete
DELETE FROM "{ns}_failure" WHERE seq = ?

--! name: result.put
INSERT OR REPLACE INTO "{ns}_result" (seq, bytes) VALUES (?, ?)

--! name: result.of
SELECT bytes FROM "{ns}_result" WHERE seq = ?

--! name: result.delete
DELETE FROM "{ns}_result" WHERE seq = ?

--! name: call.of
SELECT sequence, reply FROM "{ns}_call" WHERE client = ?

--! name: call.put
INSERT INTO "{ns}_call" (client, sequence, at, reply) VALUES (?, ?, ?, ?)
ON CONFLICT (client) DO UPDATE SET sequence = excluded.sequence, at = excluded.at, reply = excluded.reply
