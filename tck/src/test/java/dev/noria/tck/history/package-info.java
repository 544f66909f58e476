/** Forged histories: what must be caught, and a neighbour that must pass. */
package dev.noria.tck.history;
