package dev.noria.engine;

import dev.noria.job.Dependencies;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What only few jobs have, so that the others need no room for it. */
final class Extras {
  long deadline = Entry.NONE;
  @Nullable JobKey key;
  Dependencies dependencies = Dependencies.NONE;

  /** How many dependencies have not ended yet. */
  int outstanding;

  /** Whether a LIFO job has been READY in this generation, so that it has a place to keep. */
  boolean placed;

  long finishedAt = Entry.NONE;

  /** Orders finished jobs whose retention ends at one instant. */
  long stamp;

  /** Given by the ack; null: as the job says. */
  @Nullable Duration retention;

  @Nullable Content result;
  private List<Attempt> history = List.of();
  private @Nullable Notebook notes;

  List<Attempt> history() {
    return history;
  }

  /** Keeps the first and the last nine (S3.5). */
  void failed(Attempt attempt, LiveContents live) {
    List<Attempt> longer = new ArrayList<>(history);
    longer.add(attempt);
    count(attempt, live, true);
    if (longer.size() > FailedAttempt.KEPT) {
      count(longer.remove(1), live, false);
    }
    history = longer;
  }

  private static void count(Attempt attempt, LiveContents live, boolean more) {
    Content place = attempt.place();
    if (place != null && more) {
      live.add(place);
    } else if (place != null) {
      live.drop(place);
    }
  }

  void result(@Nullable Content value, LiveContents live) {
    if (result != null) {
      live.drop(result);
    }
    result = value;
    if (value != null) {
      live.add(value);
    }
  }

  @Nullable Notebook notesOrNull() {
    return notes;
  }

  Notebook notes() {
    Notebook present = notes;
    if (present == null) {
      present = new Notebook();
      notes = present;
    }
    return present;
  }

  /** The job is gone: its contents are not needed any more. */
  void drop(LiveContents live) {
    result(null, live);
    history.forEach(attempt -> count(attempt, live, false));
    if (notes != null) {
      notes.drop(live);
    }
  }

  /** Counts all contents, after they were read from a snapshot. */
  void count(LiveContents live) {
    if (result != null) {
      live.add(result);
    }
    history.forEach(attempt -> count(attempt, live, true));
    if (notes != null) {
      notes.count(live);
    }
  }

  void write(Out out) {
    out.number(deadline);
    out.optional(key, name -> Wire.key(out, name));
    out.flag(!dependencies.isEmpty());
    if (!dependencies.isEmpty()) {
      Wire.dependencies(out, dependencies);
    }
    out.flag(placed);
    out.number(finishedAt);
    out.number(stamp);
    out.optional(retention, out::duration);
    out.optional(result, content -> content.write(out));
    out.list(history, attempt -> attempt.write(out));
    out.optional(notes, book -> book.write(out));
  }

  static Extras read(In in) {
    Extras extras = new Extras();
    extras.deadline = in.number();
    extras.key = in.optional(() -> Wire.key(in));
    if (in.flag()) {
      extras.dependencies = Wire.dependencies(in);
    }
    extras.placed = in.flag();
    extras.finishedAt = in.number();
    extras.stamp = in.number();
    extras.retention = in.optional(in::duration);
    extras.result = in.optional(() -> Content.read(in));
    extras.history = in.list(() -> Attempt.read(in));
    extras.notes = in.optional(() -> Notebook.read(in));
    return extras;
  }
}
