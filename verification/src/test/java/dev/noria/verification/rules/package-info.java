/** The rules of the house, checked on classes and sources. */
@NullMarked
package dev.noria.verification.rules;

import org.jspecify.annotations.NullMarked;
