-- The least that a job needs.
CREATE TABLE job (
  number  INTEGER PRIMARY KEY,
  leased  INTEGER NOT NULL DEFAULT 0,
  payload BLOB NOT NULL
)
