package dev.noria.cli.demo;

/**
 * What a job found out about one file.
 *
 * @param path relative to the folder
 * @param kind what it is: {@code java text}, {@code PNG image}…
 * @param bytes its size
 * @param lines how many lines; 0 for binary files
 * @param words how many words; 0 for binary files
 * @param sha256 in hexadecimal
 */
record FileFacts(String path, String kind, long bytes, long lines, long words, String sha256) {}
