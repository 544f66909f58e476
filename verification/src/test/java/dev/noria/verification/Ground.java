package dev.noria.verification;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Where torture takes place. {@code -Dnoria.test.storage=} names one medium, or is the address of
 * any storage; without it every medium that processes can share has its turn.
 */
record Ground(String name, Function<Path, String> address) {
  /** Files that meet their checkpoints and the ends of their folders all the time; when named. */
  private static final Ground SMALL_FILE =
      new Ground(
          "small-file",
          folder ->
              Medium.FILE.address(folder) + "?folderCommits=4&checkpointBytes=8192&cacheBytes=0");

  static Ground of(Medium medium) {
    return new Ground(medium.name().toLowerCase(Locale.ROOT), medium::address);
  }

  static List<Ground> chosen() {
    String choice = System.getProperty("noria.test.storage", "");
    if (choice.contains(":")) {
      return List.of(new Ground(choice.substring(0, choice.indexOf(':')), folder -> choice));
    }
    return choice.isEmpty()
        ? Medium.shared().stream().map(Ground::of).toList()
        : Stream.concat(Arrays.stream(Medium.values()).map(Ground::of), Stream.of(SMALL_FILE))
            .filter(ground -> ground.name.equals(choice))
            .toList();
  }

  /** The same without servers unless they are named: for what takes them more than 20 seconds. */
  static List<Ground> quick() {
    boolean named = !System.getProperty("noria.test.storage", "").isEmpty();
    return chosen().stream().filter(ground -> named || !ground.isServer()).toList();
  }

  /** Its address for a test that owns {@code folder}. */
  String address(Path folder) {
    return address.apply(folder);
  }

  private boolean isServer() {
    return name.startsWith("postgres") || name.startsWith("redis");
  }

  /** Whether users can join its transactions. */
  boolean isDatabase() {
    return name.startsWith("sqlite") || name.startsWith("postgres");
  }

  @Override
  public String toString() {
    return name;
  }
}
