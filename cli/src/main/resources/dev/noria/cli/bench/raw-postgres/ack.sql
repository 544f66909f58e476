-- One job is done.
DELETE FROM noria_bench_raw WHERE number = ?
