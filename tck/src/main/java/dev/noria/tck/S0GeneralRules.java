package dev.noria.tck;

/** What holds for every call: lists, repetitions, bytes, names, namespaces, cost (S0). */
abstract class S0GeneralRules extends Rules {}
