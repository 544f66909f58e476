/**
 * The test kit: one suite for every storage. Subclass {@link dev.noria.tck.JobStorageTck}, say how
 * to open the storage, and run it; its test names carry the numbers of the rules that they show.
 */
@NullMarked
package dev.noria.tck;

import org.jspecify.annotations.NullMarked;
