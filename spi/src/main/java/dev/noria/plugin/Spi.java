package dev.noria.plugin;

/** The version of the contracts in this module. */
public final class Spi {
  /**
   * Grows with every change that a plugin compiled earlier would not survive. A constant, so that
   * the compiler writes it into the plugin.
   */
  public static final int VERSION = 1;

  private Spi() {}
}
