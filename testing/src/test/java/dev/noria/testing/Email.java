package dev.noria.testing;

/** A payload. */
record Email(String to, String subject) {}
