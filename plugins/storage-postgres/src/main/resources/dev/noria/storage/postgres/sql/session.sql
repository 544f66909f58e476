--! name: session.limits
SELECT set_config('statement_timeout', ?, true), set_config('lock_timeout', ?, true)

--! name: session.settings
SELECT current_setting('server_version'), current_setting('server_version_num')::int,
  current_setting('server_encoding'), current_setting('fsync'), current_setting('synchronous_commit'),
  current_setting('synchronous_standby_names'), current_setting('full_page_writes'), pg_is_in_recovery(),
  current_database()

--! name: session.clock
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint

--! name: session.migrating
SELECT pg_advisory_xact_lock(hashtextextended('noria migration {ns}', 0))

--! name: session.reclaiming
SELECT pg_advisory_xact_lock_shared(hashtextextended('noria reclaim {ns}', 0))

--! name: session.reclaimed
-- Waits for those who are reclaiming.
SELECT pg_advisory_xact_lock(hashtextextended('noria reclaim {ns}', 0))

--! name: session.has_schema
SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = '{ns}'

--! name: session.create_schema
CREATE SCHEMA IF NOT EXISTS "{ns}"

--! name: session.has_meta
SELECT to_regclass('"{ns}".meta') IS NOT NULL

--! name: session.listen
LISTEN "noria_{ns}"

--! name: session.notify
SELECT pg_notify('noria_{ns}', ?)

--! name: session.mark
-- A number behind all transactions that have begun to write: a snapshot does not know the newest of them.
SELECT txid_current()

--! name: meta.value
SELECT value FROM "{ns}".meta WHERE name = ?

--! name: meta.put
INSERT INTO "{ns}".meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value

--! name: meta.add
UPDATE "{ns}".meta SET value = value + ? WHERE name = ? RETURNING value

--! name: meta.lock
SELECT value FROM "{ns}".meta WHERE name = ? FOR UPDATE

--! name: call.of
SELECT sequence, reply FROM "{ns}".call WHERE client = ? ORDER BY part DESC LIMIT 1 FOR UPDATE

--! name: call.note
SELECT "{ns}".call_1(?, ?, ?)

--! name: call.reply
UPDATE "{ns}".call SET reply = ? WHERE client = ? AND part = ?::bigint / 256

--! name: call.trim
DELETE FROM "{ns}".call
WHERE (client, part) IN (SELECT client, part FROM "{ns}".call WHERE at < ? LIMIT ? FOR UPDATE SKIP LOCKED)

--! name: worker.put
INSERT INTO "{ns}".worker (nonce, name, seen) VALUES (?, ?, ?)
ON CONFLICT (nonce) DO UPDATE SET name = excluded.name, seen = excluded.seen

--! name: worker.name
SELECT name FROM "{ns}".worker WHERE nonce = ?

--! name: worker.trim
DELETE FROM "{ns}".worker w WHERE w.seen < ? AND NOT EXISTS (
  SELECT FROM "{ns}".queue q CROSS JOIN LATERAL (
    SELECT 1 FROM "{ns}".job j WHERE j.queue = q.id AND j.state = 3 AND j.nonce = w.nonce LIMIT 1) held)

--! name: script.version
INSERT INTO "{ns}".meta (name, value)
VALUES ('schema', ?), ('identity', (random() * 9000000000000000000)::bigint + 1)
