package dev.noria.tck;

/** What an end means for those that wait for it (S3.4). */
abstract class S3DependentsRules extends Rules {}
