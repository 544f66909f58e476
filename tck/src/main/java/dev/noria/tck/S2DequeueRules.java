package dev.noria.tck;

/** Leases, amounts, deadlines and the next due instant (S2.1, S2.2, S2.4, S2.6, S2.7). */
abstract class S2DequeueRules extends Rules {}
