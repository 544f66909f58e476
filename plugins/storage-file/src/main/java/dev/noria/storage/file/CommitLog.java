package dev.noria.storage.file;

import dev.noria.storage.file.Frame.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The commits of all processes, one after the other. A commit is claimed by giving a complete file
 * the next number as its name, which the file system refuses when it exists. Only used by the
 * storage's own thread.
 *
 * <p>Steps of a commit, and why in this order: the file is written and synced, so that nobody ever
 * sees a part of it; it is linked into the newest folder, which makes it visible to all at once;
 * the folder is synced, before anybody is answered. A crash before the link leaves a temporary
 * file, a crash after it a commit whose caller does not know.
 */
final class CommitLog {
  private final Layout layout;
  private final Disk disk;
  private final Follower follower;
  private final Drafts drafts;
  private final LongSupplier marks;
  private final int folderCommits;

  /** Written by the storage's thread only; others look which folder it is. */
  private volatile Place place = new Place("", 1, 1);

  /** Whether names were seen or made that may not survive a loss of power yet. */
  private boolean unsynced;

  private boolean doubtful;

  /** Where the log is read: the folder, the first sequence in it, and the next one. */
  record Place(String folder, long first, long next) {
    Place after() {
      return new Place(folder, first, next + 1);
    }

    static Place startOf(String folder) throws CorruptException {
      OptionalLong first = Names.sequence(folder);
      if (first.isEmpty()) {
        throw new CorruptException("'" + folder + "' is no folder of the log");
      }
      return new Place(folder, first.getAsLong(), first.getAsLong());
    }
  }

  /** Who does what commits say. */
  interface Follower {
    /** Somebody else's commands. */
    void commands(long sequence, Commit commit) throws IOException;

    /** The commit {@code sequence} does not count; it may have been followed before. */
    void voided(long sequence) throws IOException;

    /** A commit that can not be read, at {@code file}. Passed over if this returns. */
    void corrupt(long sequence, Path file, CorruptException why) throws IOException;
  }

  CommitLog(Layout layout, Disk disk, Drafts drafts, Follower follower, Shape shape) {
    this.layout = layout;
    this.disk = disk;
    this.drafts = drafts;
    this.follower = follower;
    this.marks = shape.marks();
    this.folderCommits = shape.folderCommits();
  }

  /** How the log is cut into folders. */
  record Shape(int folderCommits, LongSupplier marks) {}

  Place place() {
    return place;
  }

  /** Goes on reading from here. */
  void moveTo(Place other) {
    place = other;
    unsynced = true;
  }

  /** Follows what others committed; says whether there was anything. */
  boolean catchUp() throws IOException {
    boolean any = false;
    while (follow()) {
      any = true;
    }
    return any;
  }

  /** Follows the next commit, if there is one. */
  private boolean follow() throws IOException {
    Path file = file();
    byte[] bytes;
    try {
      bytes = disk.read(file);
    } catch (NoSuchFileException e) {
      checkFolder();
      return false;
    }
    unsynced = true;
    try {
      follow(Commit.parse(bytes));
    } catch (CorruptException e) {
      follower.corrupt(place.next(), file, e);
      passOver();
    }
    return true;
  }

  /**
   * Goes on behind a commit that can not be read, which may have been the last of its folder. Of
   * several empty folders that may be the next one stays: who knows another as the next finds it
   * gone, and comes to the same. One in which there is something can not be deleted.
   */
  private void passOver() throws IOException {
    place = place.after();
    if (disk.exists(file())) {
      return;
    }
    @Nullable String next = null;
    for (String name : disk.list(layout.log())) {
      OptionalLong first = Names.sequence(name);
      if (first.isPresent() && first.getAsLong() == place.next()) {
        Path folder = layout.log().resolve(name);
        boolean used = !disk.list(folder).isEmpty();
        next = next == null || used || !disk.deleteQuietly(folder) ? name : next;
      }
    }
    if (next != null) {
      place = Place.startOf(next);
    }
  }

  private void follow(Commit commit) throws IOException {
    if (commit.kind() == Kind.CLOSE) {
      Place next = Place.startOf(commit.nextFolder());
      if (next.first() != place.next() + 1) {
        throw new CorruptException("it names the folder " + next.folder() + " as the next");
      }
      // Whoever closed it may not have come to that, and nobody looks back from the next folder.
      syncFolder();
      unsynced = true;
      place = next;
      return;
    }
    if (commit.kind() == Kind.VOID) {
      follower.voided(commit.voided());
    } else {
      follower.commands(place.next(), commit);
    }
    place = place.after();
  }

  private Path folder() {
    return layout.log().resolve(place.folder());
  }

  private Path file() {
    return folder().resolve(Names.of(place.next()));
  }

  /** A folder that is gone was retired: nobody ever makes one of its name again. */
  private void checkFolder() throws IOException {
    if (!disk.exists(folder())) {
      throw new LaggingException("The folder " + folder() + " was retired");
    }
  }

  /** Publishes a complete file as the next commit; what others committed before is followed. */
  long append(Path draft) throws IOException {
    while (true) {
      if (place.next() - place.first() >= folderCommits - 1) {
        close();
      } else if (claim(draft)) {
        long sequence = place.next();
        place = place.after();
        return sequence;
      }
    }
  }

  /** Tries to be the next commit; if somebody else is, that is followed. */
  private boolean claim(Path draft) throws IOException {
    try {
      disk.link(file(), draft);
      unsynced = true;
      return true;
    } catch (FileAlreadyExistsException e) {
      catchUp();
      return false;
    } catch (NoSuchFileException e) {
      checkFolder();
      throw e;
    } catch (IOException e) {
      // Some file systems report a failure of what they did: look.
      if (isSame(draft)) {
        unsynced = true;
        return true;
      }
      throw e;
    }
  }

  private boolean isSame(Path draft) throws UnknownOutcomeException {
    try {
      return Files.isSameFile(file(), draft);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UnknownOutcomeException(e);
    }
  }

  /** Ends this folder and goes on in a new one, which exists for good before it is named. */
  void close() throws IOException {
    String next = Names.folder(place.next() + 1, marks.getAsLong());
    // First, since it is what fails on a full disk: many folders would be in everybody's way.
    Path draft = drafts.write(Commit.close(next).file());
    try {
      if (claim(draft, layout.log().resolve(next))) {
        syncFolder();
        place = Place.startOf(next);
      }
    } finally {
      drafts.discard(draft);
    }
  }

  /** Tries to be the next commit, which names a folder that must not be left behind else. */
  private boolean claim(Path draft, Path next) throws IOException {
    boolean needed = false;
    try {
      disk.createFolder(next);
      disk.syncFolder(layout.log());
      needed = claim(draft);
    } catch (UnknownOutcomeException e) {
      needed = true;
      throw e;
    } finally {
      if (!needed) {
        disk.deleteQuietly(next);
      }
    }
    return needed;
  }

  /**
   * A loss of power can drop a name and keep a later one, of which nobody was told then: whoever
   * finds such a gap leaves the rest of the folder behind.
   */
  void passGap() throws IOException {
    List<String> names = disk.list(folder());
    OptionalLong last =
        names.isEmpty() ? OptionalLong.empty() : Names.sequence(names.get(names.size() - 1));
    if (last.isPresent() && last.getAsLong() > place.next() && !disk.exists(file())) {
      close();
    }
  }

  /** Makes every commit that was seen so far survive a loss of power. */
  void sync() throws IOException {
    if (unsynced) {
      syncFolder();
      unsynced = false;
    }
  }

  private void syncFolder() throws IOException {
    try {
      disk.syncFolder(folder());
    } catch (NoSuchFileException e) {
      checkFolder();
      throw e;
    } catch (IOException e) {
      doubtful = true;
      throw e;
    }
  }

  /**
   * Whether a sync of a folder failed, so that a later one proves nothing for what was in it: only
   * a checkpoint does.
   */
  boolean isDoubtful() {
    return doubtful;
  }

  /** A checkpoint covers all that was followed. */
  void trust() {
    doubtful = false;
  }
}
