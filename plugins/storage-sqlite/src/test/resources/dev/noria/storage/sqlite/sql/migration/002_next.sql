-- For tests: what a later release may add while this one runs.
ALTER TABLE "{ns}_job" ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue';
ALTER TABLE "{ns}_queue" ADD COLUMN weather INTEGER NOT NULL DEFAULT 0;
CREATE TABLE "{ns}_bucket" (name TEXT PRIMARY KEY, depth INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX "{ns}_job_colour" ON "{ns}_job" (colour);
