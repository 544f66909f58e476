package dev.noria.tck;

/** Deduplication keys (S1.4). */
abstract class S1KeysRules extends Rules {}
