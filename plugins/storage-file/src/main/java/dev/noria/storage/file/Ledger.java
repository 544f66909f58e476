package dev.noria.storage.file;

import dev.noria.engine.Replica;
import dev.noria.storage.StorageException;
import dev.noria.storage.file.Commit.Span;
import dev.noria.storage.file.CommitLog.Place;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings the replica to where the log is: from a checkpoint, commit by commit. Only used by the
 * storage's own thread.
 *
 * <p>A commit that can not be read is passed over, and a later commit says so: a process that could
 * read it once goes back to a state without it, so that all come to the same.
 */
final class Ledger implements CommitLog.Follower {
  private static final int MOST_TRIES = 100;

  private final Replica replica;
  private final CommitLog log;
  private final Parts parts;
  private final String firstFolder;
  private final byte[] empty;

  /** Commits that do not count, each with the one that says so. */
  private final Map<Long, Long> voided = new HashMap<>();

  /** Commits that could not be read and of which nobody was told yet. */
  private final TreeSet<Long> unreadable = new TreeSet<>();

  /** Commits that this state does not count though they were passed. */
  private final TreeSet<Long> passed = new TreeSet<>();

  /** Whether the state is not to be relied on, since a load did not come to its end. */
  private boolean loading;

  private long base;
  private boolean resigned;
  private long weight;

  /** What a ledger works with. */
  record Parts(
      Layout layout,
      Disk disk,
      Drafts drafts,
      Checkpoints checkpoints,
      ContentFiles contents,
      Aside aside) {}

  Ledger(Replica replica, Parts parts, String firstFolder, CommitLog.Shape shape)
      throws IOException {
    this.replica = replica;
    this.parts = parts;
    this.firstFolder = firstFolder;
    this.log = new CommitLog(parts.layout(), parts.disk(), parts.drafts(), this, shape);
    ByteArrayOutputStream fresh = new ByteArrayOutputStream();
    replica.snapshot(fresh);
    this.empty = fresh.toByteArray();
  }

  Place place() {
    return log.place();
  }

  CommitLog log() {
    return log;
  }

  /** Bytes of log that were followed since this was asked last, each file in whole blocks. */
  long takeWeight() {
    long taken = weight;
    weight = 0;
    return taken;
  }

  void weigh(long bytes) {
    weight += (bytes + Upkeep.BLOCK - 1) / Upkeep.BLOCK * Upkeep.BLOCK;
  }

  /** Starts over from the newest checkpoint that can be read. */
  void load() throws IOException {
    loading = true;
    for (int tries = 1; ; tries++) {
      try {
        loadOnce();
        log.catchUp();
        log.passGap();
        loading = false;
        return;
      } catch (LaggingException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
        makeLost();
      }
    }
  }

  private void loadOnce() throws IOException {
    passed.clear();
    unreadable.clear();
    parts.contents().forget();
    Place place = readNewest();
    log.moveTo(place);
    makeLost();
  }

  /**
   * Retired folders lie before the older of two checkpoints: one that is missing behind the newest
   * was lost with the power, and with it the commits that nobody waited for the disk for.
   */
  private void makeLost() throws IOException {
    String name = log.place().folder();
    Path folder = parts.layout().log().resolve(name);
    if (parts.disk().exists(folder) || !isNewest(base)) {
      return;
    }
    Path retired = parts.layout().content().resolve(name);
    if (parts.disk().exists(retired)) {
      parts.disk().move(retired, folder);
    } else {
      parts.disk().createFolder(folder);
    }
    parts.disk().syncFolder(parts.layout().log());
  }

  private boolean isNewest(long sequence) throws IOException {
    List<Long> all = parts.checkpoints().all();
    return all.isEmpty() ? sequence == 0 : all.get(0) <= sequence;
  }

  private Place readNewest() throws IOException {
    List<Long> all = parts.checkpoints().all();
    List<Long> damaged = new ArrayList<>();
    Place place = null;
    for (long sequence : all) {
      if (place == null && (resigned || !isTainted(sequence))) {
        place = readOne(sequence, damaged);
      }
    }
    if (place == null) {
      place = readNothing(all);
    }
    // Not before there is another one: a folder without any would look like a new one.
    damaged.forEach(parts.checkpoints()::remove);
    return place;
  }

  private @Nullable Place readOne(long sequence, List<Long> damaged) throws IOException {
    try {
      Place place = parts.checkpoints().read(sequence, replica::restore);
      base = sequence;
      return place;
    } catch (NoSuchFileException e) {
      throw new LaggingException("Checkpoint " + sequence + " was pruned");
    } catch (CorruptException e) {
      if (parts.aside().keep(parts.checkpoints().path(sequence), "checkpoint", e.reason())) {
        damaged.add(sequence);
      }
      return null;
    }
  }

  private Place readNothing(List<Long> all) throws IOException {
    boolean whole = parts.disk().exists(parts.layout().log().resolve(firstFolder));
    if (!whole) {
      if (!parts.checkpoints().all().equals(all)) {
        throw new LaggingException("There are other checkpoints now");
      }
      if (resigned || voided.isEmpty()) {
        throw new CorruptException(
            all.isEmpty()
                ? "there is no checkpoint, and the start of the log is gone"
                : "none of the checkpoints " + all + " can be read, and the log before is gone");
      }
      resigned = true;
      throw new LaggingException("No checkpoint is older than the commits that do not count");
    }
    replica.restore(new ByteArrayInputStream(empty));
    base = 0;
    return Place.startOf(firstFolder);
  }

  private boolean isTainted(long sequence) {
    return voided.entrySet().stream()
        .anyMatch(one -> one.getKey() <= sequence && sequence < one.getValue());
  }

  /** Follows what others committed, and says so when something could not be read. */
  void catchUp() throws IOException {
    try {
      if (loading) {
        load();
      }
      log.catchUp();
    } catch (LaggingException e) {
      load();
    }
    while (!unreadable.isEmpty()) {
      long sequence = unreadable.first();
      Path draft = parts.drafts().write(Commit.voiding(sequence).file());
      try {
        long at = log.append(draft);
        unreadable.remove(sequence);
        voided.put(sequence, at);
      } catch (LaggingException e) {
        // A newer checkpoint may count the commit: then it must not be called void.
        load();
      } finally {
        parts.drafts().discard(draft);
      }
    }
  }

  /** Publishes a complete file as the next commit, which the caller applies. */
  long append(Path draft) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return log.append(draft);
      } catch (LaggingException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
        load();
      }
    }
  }

  @Override
  public void commands(long sequence, Commit commit) throws IOException {
    if (voided.containsKey(sequence)) {
      passed.add(sequence);
      return;
    }
    List<Span> spans = commit.commands();
    weigh(commit.file().length);
    for (Span span : spans) {
      apply(sequence, commit.file(), span);
    }
    parts.contents().remember(sequence, commit.file());
  }

  /**
   * What a call throws is the same everywhere: it is its caller's business, and the log goes on.
   */
  private void apply(long sequence, byte[] file, Span span) throws IOException {
    try {
      replica.apply(sequence, file, span.offset(), span.length());
    } catch (StorageException e) {
      if (e.kind() == StorageException.Kind.CORRUPT) {
        throw new IOException("commit " + sequence + " has a command that nobody knows here", e);
      }
      throw e;
    } catch (RuntimeException e) {
      parts.aside().log().warn("A call of another process failed there and here", e);
    }
  }

  @Override
  public void voided(long sequence) throws IOException {
    long at = log.place().next();
    unreadable.remove(sequence);
    boolean counted = !passed.contains(sequence);
    if (counted && !voided.containsKey(sequence)) {
      tellVoided(sequence);
    }
    if (voided.put(sequence, at) == null && counted && !resigned) {
      throw new LaggingException("Commit " + sequence + " does not count any more");
    }
  }

  /** Whoever could read it once, and now goes back behind it, has something to tell too. */
  private void tellVoided(long sequence) {
    try {
      Path file = parts.contents().find(sequence);
      if (file != null) {
        boolean ignored =
            parts.aside().keep(file, "commit", "another process can not read it: it is void");
      }
    } catch (IOException e) {
      parts
          .aside()
          .log()
          .warn("Commit {} is void, and not to be found: {}", sequence, e.toString());
    }
  }

  @Override
  public void corrupt(long sequence, Path file, CorruptException why) throws IOException {
    passed.add(sequence);
    if (voided.containsKey(sequence)) {
      return;
    }
    List<Long> newer = new ArrayList<>(parts.checkpoints().all());
    newer.removeIf(checkpoint -> checkpoint < sequence);
    if (!newer.isEmpty() && base < newer.get(0)) {
      throw new LaggingException("A checkpoint counts the unreadable commit " + sequence);
    }
    boolean ignored = parts.aside().keep(file, "commit", why.reason());
    unreadable.add(sequence);
  }
}
