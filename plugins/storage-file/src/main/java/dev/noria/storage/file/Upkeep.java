package dev.noria.storage.file;

import dev.noria.engine.Replica;
import dev.noria.storage.file.CommitLog.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints when the log has outgrown the last one, so that their cost stays a part of
 * that of the log; then retires folders of the log, and deletes commits without live content.
 *
 * <p>Nothing goes that the older of the last two checkpoints may need: a damaged newer one leaves a
 * way back.
 */
final class Upkeep {
  /** What the smallest file takes on a disk. */
  static final long BLOCK = 4_096;

  private static final long SMALL = 1 << 20;

  private final Replica replica;
  private final Ledger ledger;
  private final Ledger.Parts parts;
  private final Owners owners;
  private final long least;
  private final AtomicBoolean running = new AtomicBoolean();
  private final Deque<Living> history = new ArrayDeque<>();
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "noria-file-upkeep");
            thread.setDaemon(true);
            return thread;
          });

  private long weight;
  private long lastBytes;
  private long lastSequence;

  /** Which commits had live content when some commit was the last one, ascending. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Living(long sequence, long[] commits) {

    /** Whether there may be live content in a commit; nothing is known of later ones. */
    boolean needs(long commit) {
      return commit > sequence || Arrays.binarySearch(commits, commit) >= 0;
    }
  }

  Upkeep(Replica replica, Ledger ledger, Ledger.Parts parts, Owners owners, long least) {
    this.replica = replica;
    this.ledger = ledger;
    this.parts = parts;
    this.owners = owners;
    this.least = least;
  }

  /** Looks whether it is time; called by the storage's thread after each round. */
  void consider(boolean own) throws IOException {
    weight += ledger.takeWeight();
    long most = Math.max(least, lastBytes);
    // Everybody sees the same log: who wrote last goes first, the others step in when nobody does.
    if (weight >= (own ? most : 2 * most) && running.compareAndSet(false, true)) {
      begin(most);
    }
  }

  /** What fails here is no business of those whose calls are committed. */
  private void begin(long most) {
    boolean handed = false;
    try {
      handed = !isTaken() && hand(write());
    } catch (IOException | RuntimeException e) {
      weight = most / 2;
      parts.aside().log().warn("No checkpoint was made; the log grows meanwhile: {}", e.toString());
    } finally {
      if (!handed) {
        running.set(false);
      }
    }
  }

  private boolean hand(Checkpoints.Draft draft) {
    try {
      executor.execute(() -> finish(draft));
      return true;
    } catch (RejectedExecutionException e) {
      parts.drafts().discard(draft.file());
      throw e;
    }
  }

  /** Whether somebody else made a checkpoint since the last one known here. */
  private boolean isTaken() throws IOException {
    List<Long> all = parts.checkpoints().all();
    if (all.isEmpty() || all.get(0) <= lastSequence) {
      return false;
    }
    lastSequence = all.get(0);
    lastBytes = parts.checkpoints().bytes(lastSequence);
    weight = 0;
    return true;
  }

  private Checkpoints.Draft write() throws IOException {
    Place place = ledger.place();
    Checkpoints.Draft draft = parts.checkpoints().write(place, replica::snapshot);
    synchronized (history) {
      history.addLast(new Living(place.next() - 1, replica.live()));
    }
    lastSequence = place.next() - 1;
    lastBytes = draft.bytes();
    weight = 0;
    return draft;
  }

  private void finish(Checkpoints.Draft draft) {
    try {
      parts.checkpoints().publish(draft);
      retire();
    } catch (IOException e) {
      parts.aside().log().warn("Upkeep was not complete; the next one goes on: {}", e.toString());
    } finally {
      running.set(false);
    }
  }

  /**
   * Makes all that is known survive by other names, since those in the folder of the log are in
   * doubt after a failed sync.
   */
  void secure() throws IOException {
    Place place = ledger.place();
    Path log = parts.layout().log().resolve(place.folder());
    Path copy =
        parts.layout().content().resolve(Names.folder(place.first(), place.next() ^ hash()));
    parts.disk().createFolder(copy);
    for (String name : parts.disk().list(log)) {
      if (!parts.disk().exists(copy.resolve(name))) {
        parts.disk().link(copy.resolve(name), log.resolve(name));
      }
    }
    parts.disk().syncFolder(copy);
    parts.disk().syncFolder(parts.layout().content());
    parts.checkpoints().publish(write());
    ledger.log().trust();
  }

  private long hash() {
    return owners.instance();
  }

  /** Folders of the log that nobody needs become folders of content, or nothing. */
  private void retire() throws IOException {
    OptionalLong older = parts.checkpoints().prune();
    if (older.isPresent()) {
      Place place = parts.checkpoints().place(older.getAsLong());
      for (String name : parts.disk().list(parts.layout().log())) {
        OptionalLong first = Names.sequence(name);
        if (first.isPresent() && first.getAsLong() <= place.first()) {
          retire(name, first.getAsLong() < place.first());
        }
      }
      sweep(older.getAsLong(), place.first());
    }
    parts.drafts().sweep(owners::isAlive);
  }

  private void retire(String name, boolean passed) throws IOException {
    Path folder = parts.layout().log().resolve(name);
    boolean isEmpty = parts.disk().list(folder).isEmpty();
    if (passed && !isEmpty) {
      parts.disk().move(folder, parts.layout().content().resolve(name));
    } else if (passed) {
      // It lost the race to be the next folder.
      parts.disk().deleteQuietly(folder);
    }
  }

  /** Deletes commits that had no live content at the older checkpoint: no state needs them. */
  private void sweep(long older, long before) throws IOException {
    Living live = living(older);
    if (live == null) {
      return;
    }
    for (String name : parts.disk().list(parts.layout().content())) {
      Path folder = parts.layout().content().resolve(name);
      boolean empty = true;
      for (String file : parts.disk().list(folder)) {
        OptionalLong sequence = Names.sequence(file);
        boolean needed =
            sequence.isEmpty()
                || sequence.getAsLong() >= before
                || live.needs(sequence.getAsLong());
        empty &= !needed && parts.disk().deleteQuietly(folder.resolve(file));
      }
      if (empty) {
        parts.disk().deleteQuietly(folder);
      }
    }
  }

  /** What was live at this process's newest look that is not after {@code sequence}. */
  private @Nullable Living living(long sequence) {
    synchronized (history) {
      Living newest = null;
      while (!history.isEmpty() && history.peekFirst().sequence() <= sequence) {
        newest = history.removeFirst();
      }
      if (newest != null) {
        history.addFirst(newest);
      }
      return newest;
    }
  }

  /** A last checkpoint, if it is cheap or saves the next one much reading. */
  void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
        return;
      }
      weight += ledger.takeWeight();
      if (weight > 0 && (lastBytes <= SMALL || weight > lastBytes / 2) && !isTaken()) {
        finish(write());
      }
    } catch (IOException e) {
      parts.aside().log().warn("No last checkpoint was made: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
