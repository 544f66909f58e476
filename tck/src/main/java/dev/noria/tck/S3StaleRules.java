package dev.noria.tck;

/** Follows. */
abstract class S3StaleRules extends Rules {}
