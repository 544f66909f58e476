/**
 * The kernel: moves jobs between a storage and handlers, and does nothing else. Lanes gather what
 * callers enqueue; the exchange loop sends acks and takes jobs in one call; a buffer feeds the
 * slots that run handlers; the heartbeat keeps what is held.
 */
@NullMarked
package dev.noria.kernel;

import org.jspecify.annotations.NullMarked;
