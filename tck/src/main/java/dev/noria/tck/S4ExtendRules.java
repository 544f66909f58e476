package dev.noria.tck;

/** Heartbeats (S4). */
abstract class S4ExtendRules extends Rules {}
