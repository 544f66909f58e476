package dev.noria.chain;

import static java.util.Objects.requireNonNull;

import dev.noria.middleware.Middleware;
import dev.noria.middleware.Placement;

/**
 * One placed middleware.
 *
 * @param plugin whose it is: the name in errors, logs and descriptions
 * @param placement where it wants to stand
 * @param middleware what it does
 */
public record Link(String plugin, Placement placement, Middleware middleware) {
  /** Needs all three. */
  public Link {
    requireNonNull(plugin, "plugin");
    requireNonNull(placement, "placement");
    requireNonNull(middleware, "middleware");
  }
}
