/** A disk in memory that forgets what was not synced, and fails on purpose. */
package dev.noria.storage.file.sim;
