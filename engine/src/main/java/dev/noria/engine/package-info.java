/**
 * The state machine of a namespace, shared by the storages that keep their state in the heap: one
 * that has nothing behind it (memory) and those that have a log of commands behind it (file). It is
 * deterministic: the same commands in the same order give the same state and the same replies, in
 * every JVM.
 *
 * <p>For storages only, not for users: {@link dev.noria.engine.EngineStorage} is a whole storage
 * over a {@link dev.noria.engine.Replica}, which is the state, and a {@link
 * dev.noria.engine.Journal}, which decides in what order and how safely {@link
 * dev.noria.engine.Command}s reach it.
 */
@NullMarked
package dev.noria.engine;

import org.jspecify.annotations.NullMarked;
