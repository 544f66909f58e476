/**
 * From plugins and settings to a checked plan: discovery, order, services, dependency injection.
 * The only package that knows Guice, and the only one that reads system properties and the
 * environment.
 */
@NullMarked
package dev.noria.wiring;

import org.jspecify.annotations.NullMarked;
