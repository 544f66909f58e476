package dev.noria.tck;

/** Reading jobs back (S6). */
abstract class S6FindRules extends Rules {}
