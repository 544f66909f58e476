package dev.noria.tck;

/** Follows. */
abstract class S1KeyHoldersRules extends Rules {}
