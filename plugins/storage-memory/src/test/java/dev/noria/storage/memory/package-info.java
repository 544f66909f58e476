@NullMarked
package dev.noria.storage.memory;

import org.jspecify.annotations.NullMarked;
