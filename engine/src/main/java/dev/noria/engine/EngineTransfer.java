package dev.noria.engine;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.Page;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Transfer;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moving everything that is stored (C9). */
final class EngineTransfer implements Transfer {
  private static final Set<Part> ALL = EnumSet.allOf(Part.class);

  private final Access access;

  EngineTransfer(Access access) {
    this.access = access;
  }

  @Override
  public Page<StoredJob> export(@Nullable String cursor, int limit) {
    Capabilities.checkLimit(limit);
    JobId after = cursor == null ? null : JobId.parse(cursor);
    List<Shown> page =
        access.read(world -> world.jobs.after(after, limit).stream().map(Shown::of).toList());
    String next = page.size() < limit ? null : page.get(limit - 1).job().id().toString();
    return new Page<>(
        page.stream().map(shown -> shown.load(ALL, access.contents())).toList(), next);
  }

  @Override
  public List<EnqueueReceipt> restore(List<StoredJob> jobs, Instant now) {
    return access.commit(new RestoreCommand(RestoreCommand.Imported.of(jobs), now.toEpochMilli()));
  }
}
