/** That children die. */
package dev.noria.tck.process;
