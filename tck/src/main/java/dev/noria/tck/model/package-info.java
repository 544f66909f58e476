/**
 * The contract once more, as plainly as possible: the storage that the suite compares others with,
 * and that its planted bugs start from.
 */
@NullMarked
package dev.noria.tck.model;

import org.jspecify.annotations.NullMarked;
