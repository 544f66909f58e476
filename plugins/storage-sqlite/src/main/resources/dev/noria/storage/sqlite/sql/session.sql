--! name: session.begin
BEGIN IMMEDIATE

--! name: session.begin_read
BEGIN

--! name: session.commit
COMMIT

--! name: session.rollback
ROLLBACK

--! name: session.data_version
PRAGMA data_version

--! name: session.version
SELECT sqlite_version()

--! name: session.database
SELECT file FROM pragma_database_list WHERE name = 'main'

--! name: session.quiet
PRAGMA busy_timeout = 0

--! name: session.wal
PRAGMA journal_mode = WAL

--! name: session.full
PRAGMA synchronous = FULL

--! name: session.normal
PRAGMA synchronous = NORMAL

--! name: session.synchronous
PRAGMA synchronous

--! name: session.no_autocheckpoint
PRAGMA wal_autocheckpoint = 0

--! name: session.journal_limit
PRAGMA journal_size_limit = 67108864

--! name: session.no_mmap
PRAGMA mmap_size = 0

--! name: session.cache
PRAGMA cache_size = -16384

--! name: session.temp
PRAGMA temp_store = MEMORY

--! name: session.wal_frames
PRAGMA wal_checkpoint(NOOP)

--! name: session.checkpoint
PRAGMA wal_checkpoint(PASSIVE)

--! name: session.checkpoint_truncate
PRAGMA wal_checkpoint(TRUNCATE)

--! name: session.take_write_lock
UPDATE "{ns}_meta" SET value = value WHERE name = ''

--! name: session.has_schema
SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '{ns}_meta'
