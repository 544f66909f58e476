package dev.noria.storage.redis;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.Part;
import dev.noria.storage.Lease;
import dev.noria.storage.Notes;
import java.util.List;
import java.util.Set;

/** What attempts leave beside the state of their job. */
final class NoteTable implements Notes {
  private final Server server;
  private final Finder finder;

  NoteTable(Server server, Finder finder) {
    this.server = server;
    this.finder = finder;
  }

  private static Pack arguments(Lease lease) {
    Pack out = new Pack().open().key("id").id(lease.id());
    return out.key("epoch").number(lease.epoch()).key("nonce").bits(lease.nonce());
  }

  private boolean write(Pack out) {
    return server.run("note", out.close())[0] == '1';
  }

  @Override
  public boolean progress(Lease lease, JobNotes.Progress progress) {
    return write(arguments(lease).key("progress").raw(Views.progress(progress)));
  }

  @Override
  public boolean log(Lease lease, List<JobNotes.LogLine> lines) {
    Pack out = arguments(lease).key("most").number(JobNotes.LOG_LINES);
    out.key("lines").list(lines.size());
    lines.forEach(line -> out.raw(Views.line(line)));
    return write(out);
  }

  @Override
  public boolean step(Lease lease, String name, Bytes result) {
    return write(arguments(lease).key("step").text(name).key("result").raw(result));
  }

  @Override
  public JobNotes notes(JobId id) {
    return finder.find(List.of(id), Set.of(Part.NOTES)).stream()
        .findFirst()
        .map(job -> job.notes())
        .orElse(JobNotes.NONE);
  }
}
