-- The next so many jobs, in order; those before them are gone.
UPDATE job SET leased = 1
WHERE number IN (SELECT number FROM job WHERE leased = 0 ORDER BY number LIMIT ?)
RETURNING number, payload
