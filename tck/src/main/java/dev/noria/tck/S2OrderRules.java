package dev.noria.tck;

/** In which order jobs come out (S2.3). */
abstract class S2OrderRules extends Rules {}
