package dev.noria.kernel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a worker works, validated by the builder of the queue.
 *
 * @param concurrency most handlers at once
 * @param lease how long a lease holds without a heartbeat
 * @param grace how long running handlers may go on when the worker stops
 * @param abandonAfter how long a handler that was told to stop may take before it is given up
 * @param stallAfter how long a loop may stand still before the watchdog helps
 * @param timeout how long an attempt may run when its job says nothing; null: for ever
 */
record WorkerOptions(
    int concurrency,
    Duration lease,
    Duration grace,
    Duration abandonAfter,
    Duration stallAfter,
    @Nullable Duration timeout) {}
