package dev.noria.wiring;

/**
 * One installed plugin, for the line that is logged at start.
 *
 * @param id its id
 * @param version the version of its jar; {@code unknown} where none is written
 * @param origin the name of its jar or folder, or {@code code}
 * @param discovered whether it was found on the class path
 */
public record PluginInfo(String id, String version, String origin, boolean discovered) {}
