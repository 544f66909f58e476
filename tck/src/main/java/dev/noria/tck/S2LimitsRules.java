package dev.noria.tck;

/** Follows. */
abstract class S2LimitsRules extends Rules {}
