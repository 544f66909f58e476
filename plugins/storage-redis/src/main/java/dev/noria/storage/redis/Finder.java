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
  private static final int STEP = 100;

  private final Server server;

  Finder(Server server) {
    this.server = server;
  }

  /**
   * A part of the list of all jobs.
   *
   * @param jobs with the parts asked for
   * @param last the last id that was looked at; null when there was none
   * @param end whether there are no more
   */
  record Span(List<Found> jobs, @Nullable JobId last, boolean end) {}

  /** A job and the values that it was made of. */
  record Found(StoredJob job, Fields fields) {}

  List<StoredJob> find(List<JobId> ids, Set<Part> parts) {
    List<StoredJob> jobs = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += STEP) {
      List<JobId> some = ids.subList(from, Math.min(ids.size(), from + STEP));
      Pack out = arguments(parts).key("ids").list(some.size());
      some.forEach(out::id);
      span(out, parts, some.size()).jobs.forEach(found -> jobs.add(found.job));
    }
    return jobs;
  }

  /** The jobs behind an id, at most so many. */
  Span after(@Nullable JobId after, int limit, Set<Part> parts) {
    Pack out = arguments(parts).key("limit").number(limit);
    if (after != null) {
      out.key("after").id(after);
    }
    return span(out, parts, limit);
  }

  private static Pack arguments(Set<Part> parts) {
    Pack out = new Pack().open();
    out.key("payload").truth(parts.contains(Part.PAYLOAD));
    out.key("result").truth(parts.contains(Part.RESULT));
    out.key("history").truth(parts.contains(Part.HISTORY));
    return out.key("notes").truth(parts.contains(Part.NOTES));
  }

  private Span span(Pack arguments, Set<Part> parts, int asked) {
    Unpack in = server.ask("find", arguments.close());
    List<Found> jobs = new ArrayList<>();
    JobId last = null;
    int count = in.list();
    for (int left = count; left > 0; left--) {
      int values = in.list();
      last = in.id();
      if (values > 2) {
        jobs.add(found(last, in, parts));
      } else {
        in.isNothing();
      }
    }
    return new Span(jobs, last, count < asked);
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
