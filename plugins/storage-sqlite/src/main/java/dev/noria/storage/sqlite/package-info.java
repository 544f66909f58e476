/**
 * A storage that keeps jobs in one SQLite file, shared by several processes of one host: {@link
 * dev.noria.storage.sqlite.SqliteStorage} opens it, {@link dev.noria.storage.sqlite.SqliteOptions}
 * says how.
 */
@NullMarked
package dev.noria.storage.sqlite;

import org.jspecify.annotations.NullMarked;
