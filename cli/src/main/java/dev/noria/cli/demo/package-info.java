/**
 * The main job: reads every file of a folder by jobs, collects what they found, and writes a
 * summary. Killed at any moment and started again, it goes on where it was.
 */
@NullMarked
package dev.noria.cli.demo;

import org.jspecify.annotations.NullMarked;
