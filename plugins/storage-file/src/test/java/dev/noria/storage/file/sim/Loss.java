package dev.noria.storage.file.sim;

import java.util.Arrays;
import java.util.Random;

/** What a loss of power takes of all that was not synced. */
public interface Loss {
  /** Whether a change of a folder is lost. */
  boolean losesName();

  /** What is left of a file. */
  byte[] left(byte[] synced, byte[] written);

  /** Everything is lost. */
  static Loss all() {
    return new Loss() {
      @Override
      public boolean losesName() {
        return true;
      }

      @Override
      public byte[] left(byte[] synced, byte[] written) {
        return synced;
      }
    };
  }

  /** Names arrive on the disk before the data that they name. */
  static Loss data() {
    return new Loss() {
      @Override
      public boolean losesName() {
        return false;
      }

      @Override
      public byte[] left(byte[] synced, byte[] written) {
        return new byte[written.length];
      }
    };
  }

  /** Any subset is lost; files are torn, empty or full of zeros. */
  static Loss some(long seed) {
    Random random = new Random(seed);
    return new Loss() {
      @Override
      public boolean losesName() {
        return random.nextBoolean();
      }

      @Override
      public byte[] left(byte[] synced, byte[] written) {
        return switch (random.nextInt(4)) {
          case 0 -> synced;
          case 1 -> written;
          case 2 -> Arrays.copyOf(written, random.nextInt(written.length + 1));
          default -> new byte[written.length];
        };
      }
    };
  }
}
