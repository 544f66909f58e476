package dev.noria.verification;

import dev.noria.storage.JobStorage;
import dev.noria.storage.memory.MemoryStorage;
import dev.noria.storage.sqlite.SqliteOptions;
import dev.noria.storage.sqlite.SqliteStorage;
import java.nio.file.Path;

/** The storages that the kernel is proved on. */
enum Medium {
  MEMORY {
    @Override
    JobStorage open(Path folder) {
      return MemoryStorage.create();
    }

    @Override
    String address(Path folder) {
      return "memory:";
    }
  },
  SQLITE {
    @Override
    JobStorage open(Path folder) {
      return SqliteStorage.open(
          SqliteOptions.defaults().withPath(folder.resolve("jobs.db").toString()));
    }

    @Override
    String address(Path folder) {
      return "sqlite://" + folder.resolve("jobs.db");
    }
  };

  /** A storage in {@code folder}, which is the test's own. */
  abstract JobStorage open(Path folder);

  /** What a user would write for it. */
  abstract String address(Path folder);
}
