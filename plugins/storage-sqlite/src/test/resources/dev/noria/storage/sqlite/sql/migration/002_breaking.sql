-- For tests: what this release can not live with.
ALTER TABLE "{ns}_job" RENAME COLUMN place TO spot;
