package dev.noria.tck;

/** How groups share a queue, and limits (S2.5). */
abstract class S2GroupsRules extends Rules {}
