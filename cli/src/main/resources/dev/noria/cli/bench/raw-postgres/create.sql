-- The least that a job needs.
DROP TABLE IF EXISTS noria_bench_raw;
CREATE TABLE noria_bench_raw (
  number  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  leased  INTEGER NOT NULL DEFAULT 0,
  payload BYTEA NOT NULL
)
