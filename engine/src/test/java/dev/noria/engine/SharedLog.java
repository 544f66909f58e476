package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.Limits;
import dev.noria.storage.Durability;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A log of commands in the heap, for as many replicas as want to follow it: what the file storage
 * does with files. Now and then a follower forgets everything and starts from a snapshot.
 */
final class SharedLog implements Contents {
  /** Something in front of each command, so that an offset is never right by accident. */
  private static final int FRONT = 7;

  private final List<byte[]> commits = new ArrayList<>();
  private final List<Follower> followers = new CopyOnWriteArrayList<>();
  private final Set<String> damaged = new HashSet<>();
  private boolean newer;
  private final Random random;

  SharedLog(long seed) {
    random = new Random(seed);
  }

  @Override
  public synchronized @Nullable Bytes read(long sequence, int offset, int length) {
    byte[] commit = commits.get((int) sequence);
    return damaged.contains(sequence + ":" + offset)
        ? null
        : Bytes.owned(Arrays.copyOfRange(commit, offset, offset + length));
  }

  synchronized void damage(Body body) {
    damaged.add(body.sequence + ":" + body.offset);
  }

  void makeNewer() {
    newer = true;
  }

  private synchronized byte @Nullable [] at(int sequence) {
    return sequence < commits.size() ? commits.get(sequence) : null;
  }

  /** Appends, if nobody else took that sequence. */
  private synchronized boolean append(int sequence, byte[] commit) {
    return sequence == commits.size() && commits.add(commit);
  }

  private synchronized boolean chance(int permille) {
    return random.nextInt(1_000) < permille;
  }

  /** A storage over this log. */
  EngineStorage open(int restarts, Durability durability) {
    if (newer) {
      throw new StorageException(StorageException.Kind.CORRUPT, "The log is of a newer format.");
    }
    Follower follower = new Follower(restarts);
    StorageInfo info =
        new StorageInfo("log", "heap", durability, Limits.defaults(), Set.of(), true);
    return new EngineStorage(
        info, follower.replica, new EngineStorage.Backing(follower, this, followers.size()));
  }

  Follower follow(int restarts) {
    return new Follower(restarts);
  }

  /** One that follows the log and writes to it. */
  final class Follower implements Journal {
    final Replica replica = new Replica();
    private final int restarts;
    private int applied;

    /** Starts again from a snapshot in {@code restarts} of a thousand looks. */
    Follower(int restarts) {
      this.restarts = restarts;
      followers.add(this);
      catchUp();
    }

    @Override
    public <T> T commit(Command<T> command) {
      try {
        return take(command);
      } finally {
        followers.forEach(Follower::catchUp);
      }
    }

    private synchronized <T> T take(Command<T> command) {
      byte[] encoded = command.encode();
      byte[] commit = new byte[FRONT + encoded.length];
      System.arraycopy(encoded, 0, commit, FRONT, encoded.length);
      while (true) {
        catchUp();
        Optional<T> known = replica.answer(command);
        if (known.isPresent()) {
          return known.get();
        }
        if (append(applied, commit)) {
          return replica.apply(command, applied++, commit, FRONT, encoded.length);
        }
      }
    }

    @Override
    public synchronized void catchUp() {
      byte[] commit;
      while ((commit = at(applied)) != null) {
        replica.apply(applied, commit, FRONT, commit.length - FRONT);
        applied++;
      }
      if (chance(restarts)) {
        restart();
      }
    }

    private void restart() {
      byte[] before = snapshot(replica);
      try {
        replica.restore(new ByteArrayInputStream(before));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (!Arrays.equals(before, snapshot(replica))) {
        throw new AssertionError("A restored state writes another snapshot.");
      }
    }

    @Override
    public void close() {
      followers.remove(this);
      replica.close();
    }
  }

  static byte[] snapshot(Replica replica) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      replica.snapshot(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
