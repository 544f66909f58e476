-- The next so many jobs, in order; those before them are gone.
UPDATE noria_bench_raw SET leased = 1
WHERE number IN (
  SELECT number FROM noria_bench_raw WHERE leased = 0 ORDER BY number LIMIT ? FOR UPDATE SKIP LOCKED)
RETURNING number, payload
