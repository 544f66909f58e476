/**
 * One chain around the four things that a queue does to a job: enqueue, dequeue, process and ack.
 * Plugins and users implement {@link dev.noria.middleware.Middleware}; the kernel implements the
 * chains.
 */
@NullMarked
package dev.noria.middleware;

import org.jspecify.annotations.NullMarked;
