/**
 * How things are plugged in: {@link dev.noria.plugin.Plugin} declares through an {@link
 * dev.noria.plugin.Installer}; {@link dev.noria.plugin.PluginProvider} and {@link
 * dev.noria.plugin.StorageProvider} are found by {@link java.util.ServiceLoader}.
 */
@NullMarked
package dev.noria.plugin;

import org.jspecify.annotations.NullMarked;
