package dev.noria.wiring;

import dev.noria.plugin.StorageObserver;

/**
 * One observer of the storage.
 *
 * @param plugin the id of its plugin
 * @param observer what sees the calls
 */
public record PluginObserver(String plugin, StorageObserver observer) {}
