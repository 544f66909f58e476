package dev.noria.wiring;

import dev.noria.chain.Deferred;
import dev.noria.plugin.Settings;

/**
 * A middleware that is made when the services are there.
 *
 * @param plugin whose it is
 * @param settings the plugin's own settings, which its classes may ask for
 * @param deferred what stands in for it
 */
record MiddlewareClass(String plugin, Settings settings, Deferred deferred) {}
