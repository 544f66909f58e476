/**
 * A storage that keeps jobs in a PostgreSQL schema, shared by any number of processes: {@link
 * dev.noria.storage.postgres.PostgresStorage} opens it, {@link
 * dev.noria.storage.postgres.PostgresOptions} says how.
 */
@NullMarked
package dev.noria.storage.postgres;

import org.jspecify.annotations.NullMarked;
