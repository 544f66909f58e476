package dev.noria.tck;

/** Follows. */
abstract class S3FollowUpsRules extends Rules {}
