/**
 * A storage that keeps jobs in a folder of files, shared by several processes of one host: {@link
 * dev.noria.storage.file.FileStorage} opens it, {@link dev.noria.storage.file.FileOptions} says
 * how.
 */
@NullMarked
package dev.noria.storage.file;

import org.jspecify.annotations.NullMarked;
