package dev.noria.storage;

/**
 * A damaged record of a storage that is more than one job, or not one at all, and that it passes
 * over from now on: nothing of it is deleted. Immutable.
 *
 * @param record where it was found, such as the path of a file
 * @param keptAt where its bytes lie for people to look at; {@code record} itself where they could
 *     not be brought to a better place
 * @param reason what is wrong with it, without any of its content
 */
public record SetAside(String record, String keptAt, String reason) {}
