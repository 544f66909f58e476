package dev.noria.tck;

/** Housekeeping (S5). */
abstract class S5MaintainRules extends Rules {}
