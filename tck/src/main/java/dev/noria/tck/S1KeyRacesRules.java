package dev.noria.tck;

/** Follows. */
abstract class S1KeyRacesRules extends Rules {}
