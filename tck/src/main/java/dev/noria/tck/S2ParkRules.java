package dev.noria.tck;

/** Sleeping callers, and that no wake-up is lost (S2.7). */
abstract class S2ParkRules extends Rules {}
