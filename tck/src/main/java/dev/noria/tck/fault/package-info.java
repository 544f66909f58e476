/**
 * Decorators for tests: a {@link dev.noria.tck.fault.FaultyStorage} breaks on purpose, a {@link
 * dev.noria.tck.fault.RecordingStorage} tells a history what passes through it. Wrap the recording
 * one around the faulty one, so that the history has what the caller saw.
 */
@NullMarked
package dev.noria.tck.fault;

import org.jspecify.annotations.NullMarked;
