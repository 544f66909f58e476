package dev.noria.tck;

/** No edge exists but the legal ones (I7). */
abstract class I7StateMachineRules extends Rules {}
