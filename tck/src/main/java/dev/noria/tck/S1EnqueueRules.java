package dev.noria.tck;

/** Storing new jobs: receipts, ids, due instants, retention (S1.1–S1.3, S1.5, S1.7, S1.8). */
abstract class S1EnqueueRules extends Rules {}
