@org.jspecify.annotations.NullMarked
package dev.noria.examples.blackout;
