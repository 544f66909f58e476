package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.storage.Lease;
import dev.noria.storage.Notes;
import dev.noria.storage.StorageException;
import java.util.List;
import java.util.function.Consumer;

/** What attempts leave beside their job (C4). */
final class EngineNotes implements Notes {
  private final Replica replica;

  EngineNotes(Replica replica) {
    this.replica = replica;
  }

  @Override
  public boolean progress(Lease lease, JobNotes.Progress progress) {
    return note(lease, extras -> extras.progress(progress));
  }

  @Override
  public boolean log(Lease lease, List<JobNotes.LogLine> lines) {
    List<JobNotes.LogLine> own = List.copyOf(lines);
    return note(lease, extras -> extras.log(own));
  }

  @Override
  public boolean step(Lease lease, String name, Bytes result) {
    int most = replica.read(world -> world.limits.payloadBytes());
    if (result.size() > most) {
      throw new StorageException(
          StorageException.Kind.LIMIT,
          "The result of a step has " + result.size() + " bytes. At most " + most + " fit.");
    }
    return note(lease, extras -> extras.step(name, result));
  }

  private boolean note(Lease lease, Consumer<Extras> change) {
    return replica.read(
        world -> {
          Entry entry = world.leased(lease);
          if (entry != null) {
            change.accept(entry.extras());
          }
          return entry != null;
        });
  }

  @Override
  public JobNotes notes(JobId id) {
    return replica.read(
        world -> {
          Entry entry = world.jobs.get(id);
          Extras extras = entry == null ? null : entry.extrasOrNull();
          return extras == null ? JobNotes.NONE : extras.notes();
        });
  }
}
