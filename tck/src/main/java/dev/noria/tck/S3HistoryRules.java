package dev.noria.tck;

/** Follows. */
abstract class S3HistoryRules extends Rules {}
