@NullMarked
package dev.noria.engine;

import org.jspecify.annotations.NullMarked;
