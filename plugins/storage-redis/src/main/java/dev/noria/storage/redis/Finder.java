package dev.noria.storage.redis;

import dev.noria.job.Bytes;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads stored jobs, by id or in the order of their ids. */
final class Finder {
  /** Few enough that the largest parts fit into one answer, and that nobody waits for it. */
  static final int STEP = 100;

  private final Server server;

  Finder(Server server) {
    this.server = server;
  }

  /** A job and the values that it was made of. */
  record Found(StoredJob job, Fields fields) {}

  List<StoredJob> find(List<JobId> ids, Set<Part> parts) {
    List<StoredJob> jobs = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += STEP) {
      List<JobId> some = ids.subList(from, Math.min(ids.size(), from + STEP));
      found(some, parts).forEach(found -> jobs.add(found.job));
    }
    return jobs;
  }

  /** Those of the ids that are stored; not many at once. */
  List<Found> found(List<JobId> ids, Set<Part> parts) {
    Pack out = arguments(parts).key("ids").list(ids.size());
    ids.forEach(out::id);
    Unpack in = server.ask("find", out.close());
    List<Found> jobs = new ArrayList<>();
    for (int left = in.list(); left > 0; left--) {
      in.list();
      jobs.add(found(in.id(), in, parts));
    }
    return jobs;
  }

  /** All stored jobs in the order of their ids, from behind one of them. */
  Walk after(@Nullable JobId after, Set<Part> parts) {
    return new Walk(this, server, after, parts);
  }

  private static Pack arguments(Set<Part> parts) {
    Pack out = new Pack().open();
    out.key("payload").truth(parts.contains(Part.PAYLOAD));
    out.key("result").truth(parts.contains(Part.RESULT));
    out.key("history").truth(parts.contains(Part.HISTORY));
    return out.key("notes").truth(parts.contains(Part.NOTES));
  }

  private static Found found(JobId id, Unpack in, Set<Part> parts) {
    Fields fields = Fields.read(in.raw());
    Bytes apart = in.bytesOrNull();
    Bytes result = in.bytesOrNull();
    List<FailedAttempt> history = in.isNothing() ? List.of() : Views.history(in.raw());
    JobNotes notes = Views.notes(in);
    Bytes payload =
        !parts.contains(Part.PAYLOAD) ? Bytes.EMPTY : apart == null ? fields.bytes('P') : apart;
    return new Found(
        Views.stored(id, fields, new Views.Parts(payload, result, history, notes)), fields);
  }

  /** All parts. */
  static Set<Part> everything() {
    return EnumSet.allOf(Part.class);
  }
}
