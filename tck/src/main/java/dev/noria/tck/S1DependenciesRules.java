package dev.noria.tck;

/** Jobs that wait for other jobs (S1.6). */
abstract class S1DependenciesRules extends Rules {}
