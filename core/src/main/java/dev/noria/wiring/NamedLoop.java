package dev.noria.wiring;

import dev.noria.plugin.DutyCycle;

/**
 * One loop for the kernel to drive.
 *
 * @param plugin the id of its plugin
 * @param name its name inside the plugin
 * @param duty its body
 */
public record NamedLoop(String plugin, String name, DutyCycle duty) {}
