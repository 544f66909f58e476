-- One job.
INSERT INTO noria_bench_raw (payload) VALUES (?)
