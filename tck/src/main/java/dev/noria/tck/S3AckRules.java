package dev.noria.tck;

/** How leases end (S3.1–S3.3, S3.5–S3.8). */
abstract class S3AckRules extends Rules {}
