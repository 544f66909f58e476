package dev.noria.wiring;

import dev.noria.plugin.JobListener;

/**
 * One observer.
 *
 * @param plugin the id of its plugin
 * @param listener what hears
 */
public record PluginListener(String plugin, JobListener listener) {}
