/**
 * Keeps jobs on the heap. {@link dev.noria.storage.memory.MemoryStorage} is the way in; everything
 * else stands behind one lock.
 */
@NullMarked
package dev.noria.storage.memory;

import org.jspecify.annotations.NullMarked;
