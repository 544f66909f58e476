-- One job is done.
DELETE FROM job WHERE number = ?
