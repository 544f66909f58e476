package dev.noria.verification;

import dev.noria.storage.JobStorage;
import dev.noria.wiring.StorageOpener;
import java.nio.file.Path;
import java.util.List;

/** The storages that the kernel is proved on. */
enum Medium {
  MEMORY {
    @Override
    String address(Path folder) {
      return "memory:";
    }
  },
  SQLITE {
    @Override
    String address(Path folder) {
      return "sqlite://" + folder.resolve("jobs.db");
    }
  },
  FILE {
    @Override
    String address(Path folder) {
      return "file:" + folder.resolve("jobs");
    }
  },
  POSTGRES {
    @Override
    String address(Path folder) {
      return PostgresServer.shared(folder);
    }
  },
  REDIS {
    @Override
    String address(Path folder) {
      return RedisServer.shared(folder);
    }
  };

  /** What a user would write for one in {@code folder}, which is the test's own. */
  abstract String address(Path folder);

  /** A storage in {@code folder}. */
  JobStorage open(Path folder) {
    return open(address(folder));
  }

  /** Opens an address as the kernel does. */
  static JobStorage open(String address) {
    return new StorageOpener(Medium.class.getClassLoader()).open(address);
  }

  /** Those that several processes share. */
  static List<Medium> shared() {
    return List.of(SQLITE, FILE, POSTGRES, REDIS);
  }
}
