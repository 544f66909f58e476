package dev.noria.storage;

/**
 * Something that a storage can do beyond {@link JobStorage}, found through {@link
 * JobStorage#capability}. Each has a section of its own in the test kit: a declared one must work.
 */
public interface Capability {}
