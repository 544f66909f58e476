/**
 * The yardstick that every storage is measured with: the same workloads, each beside what the bare
 * driver does in the same run.
 */
@NullMarked
package dev.noria.cli.bench;

import org.jspecify.annotations.NullMarked;
