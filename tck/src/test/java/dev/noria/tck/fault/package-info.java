/** What the decorators for faults and histories promise. */
package dev.noria.tck.fault;
