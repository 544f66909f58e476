package dev.noria.plugin;

import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a storage be found by the scheme of its address: list the implementation in {@code
 * META-INF/services/dev.noria.plugin.StorageProvider}. Used only when its scheme is asked for. Must
 * have a public constructor without arguments.
 */
public interface StorageProvider {

  /** The schemes it opens, in lower case. */
  Set<String> schemes();

  /** The SPI it was compiled for: {@code return Spi.VERSION;}. */
  int spiVersion();

  /**
   * Looks at an address without any I/O, so that what is wrong with it is reported together with
   * all other problems of a queue. Everything is right by default: {@link #open} has the last word.
   *
   * @throws IllegalArgumentException if the address is not right
   */
  default void check(StorageUri uri) {}

  /**
   * Opens the storage.
   *
   * @param uri its address; an option that the storage does not know is an error that names the
   *     nearest one
   * @param opener opens nested addresses
   * @throws IllegalArgumentException if the address is not right
   * @throws dev.noria.storage.StorageException if it can not be opened
   */
  JobStorage open(StorageUri uri, Opener opener);

  /** Opens other storages by their address. Implemented by the kernel only. */
  interface Opener {
    /** Opens the storage at {@code uri}. */
    JobStorage open(StorageUri uri);

    /**
     * A variable of the environment by which servers of a kind are usually named, such as {@code
     * REDIS_URL}; empty when it is not set. Nothing else reads the environment.
     */
    default Optional<String> variable(String name) {
      return Optional.empty();
    }
  }
}
