/** The four compiled chains of middleware: enqueue, dequeue, process and ack. */
@NullMarked
package dev.noria.chain;

import org.jspecify.annotations.NullMarked;
