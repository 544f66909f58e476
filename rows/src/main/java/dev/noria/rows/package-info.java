/**
 * What storages that keep jobs as rows have in common: the numbers under which words are stored,
 * and the bytes of what few jobs use and no query looks into. Part of the format of every such
 * storage: a number never changes its meaning.
 */
@NullMarked
package dev.noria.rows;

import org.jspecify.annotations.NullMarked;
