package dev.noria.tck;

/** Follows. */
abstract class S2StartRatesRules extends Rules {}
