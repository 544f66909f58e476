package dev.noria.tck.model;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.JobNotes.LogLine;
import dev.noria.job.JobNotes.Progress;
import dev.noria.storage.Lease;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What attempts leave beside the state of their job (C4). */
final class Notebook {
  private final Realm realm;
  private final Acks acks;

  Notebook(Realm realm, Acks acks) {
    this.realm = realm;
    this.acks = acks;
  }

  boolean progress(Lease lease, Progress progress) {
    Progress kept = new Progress(progress.percent(), cut(progress.message()));
    return note(lease, notes -> new JobNotes(kept, notes.log(), notes.steps()));
  }

  boolean log(Lease lease, List<LogLine> lines) {
    return note(
        lease,
        notes -> {
          List<LogLine> log = new ArrayList<>(notes.log());
          lines.forEach(line -> log.add(new LogLine(line.at(), cut(line.text()))));
          int first = Math.max(0, log.size() - JobNotes.LOG_LINES);
          return new JobNotes(notes.progress(), log.subList(first, log.size()), notes.steps());
        });
  }

  boolean step(Lease lease, String name, Bytes result) {
    return note(
        lease,
        notes -> {
          Map<String, Bytes> steps = new HashMap<>(notes.steps());
          steps.putIfAbsent(name, result);
          return new JobNotes(notes.progress(), notes.log(), steps);
        });
  }

  JobNotes notes(JobId id) {
    Entry entry = realm.job(id);
    return entry == null ? JobNotes.NONE : entry.notes;
  }

  private boolean note(Lease lease, UnaryOperator<JobNotes> change) {
    boolean guarded = realm.decisions.guardsNotes();
    Entry entry = guarded ? acks.current(lease) : realm.job(lease.id());
    if (entry == null) {
      return false;
    }
    entry.notes = change.apply(entry.notes);
    return true;
  }

  private static Bytes cut(Bytes text) {
    return text.size() <= JobNotes.TEXT_BYTES
        ? text
        : Bytes.owned(Arrays.copyOf(text.toArray(), JobNotes.TEXT_BYTES));
  }
}
