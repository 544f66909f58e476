-- One job.
INSERT INTO job (payload) VALUES (?)
