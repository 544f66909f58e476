/**
 * The vocabulary: what a job is, what may be asked for when it is enqueued, what a handler sees
 * while it runs, and what is known about it afterwards. Users, plugins and storages share it; one
 * word per idea, as listed in {@code docs/GLOSSARY.md}.
 */
@NullMarked
package dev.noria.job;

import org.jspecify.annotations.NullMarked;
