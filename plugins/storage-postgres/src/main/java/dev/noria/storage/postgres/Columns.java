package dev.noria.storage.postgres;

import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.rows.Codes;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** New jobs turned by columns, so that one statement takes any number of them. */
final class Columns {
  final int size;
  private final UUID[] ids;
  final int[] queues;
  final int[] states;
  private final int[] ranks;
  final long[] dues;
  private final int[] flags;
  private final long[] deadlines;
  private final String[] types;
  final @Nullable String[] groups;
  private final @Nullable Object[] extras;
  private final byte[][] payloads;

  Columns(List<NewJob> jobs, Names names, long now) {
    size = jobs.size();
    ids = new UUID[size];
    queues = new int[size];
    states = new int[size];
    ranks = new int[size];
    dues = new long[size];
    flags = new int[size];
    deadlines = new long[size];
    types = new String[size];
    groups = new String[size];
    extras = new byte[size][];
    payloads = new byte[size][];
    for (int i = 0; i < size; i++) {
      fill(i, jobs.get(i), names, now);
    }
  }

  private void fill(int i, NewJob job, Names names, long now) {
    ids[i] = job.id().toUuid();
    queues[i] = names.id(job.queue());
    dues[i] = due(job, now);
    states[i] = Codes.of(dues[i] > now ? JobState.SCHEDULED : JobState.READY);
    ranks[i] = JobRow.rank(job.priority(), job.lifo());
    flags[i] = flags(job);
    deadlines[i] = deadline(job);
    types[i] = job.type();
    groups[i] = job.group();
    extras[i] = Extra.pack(job);
    payloads[i] = job.payload().toArray();
    if (job.group() != null) {
      names.group(queues[i]);
    }
  }

  /** When it becomes due: now, unless it says later. */
  static long due(NewJob job, long now) {
    return job.runAt() == null ? now : Math.max(now, job.runAt().toEpochMilli());
  }

  static int flags(NewJob job) {
    return (job.retention().completed().isZero() ? 0 : Flags.KEEP_COMPLETED)
        | (job.retention().failed().isZero() ? 0 : Flags.KEEP_FAILED)
        | (job.key() == null ? 0 : Flags.KEYED)
        | (job.dependencies().isEmpty() ? 0 : Flags.DEPENDS)
        | (job.awaited() ? Flags.AWAITED : 0);
  }

  static long deadline(NewJob job) {
    return job.deadline() == null ? -1 : job.deadline().toEpochMilli();
  }

  /** Binds all columns in the order of the statements that take them. */
  Stmt bind(Stmt statement) throws SQLException {
    return statement
        .array("uuid", ids)
        .numbers(queues)
        .numbers(states)
        .numbers(ranks)
        .numbers(dues)
        .numbers(flags)
        .numbers(deadlines)
        .array("text", types)
        .array("text", groups)
        .numbers(extras)
        .numbers(payloads);
  }
}
