package dev.noria.storage.file;

import dev.noria.engine.Command;
import dev.noria.engine.Journal;
import dev.noria.engine.Replica;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.file.Commit.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes: whatever waits goes into one commit, so that many callers share its
 * syncs. Callers wait without regard to interrupts, which therefore never reach a file.
 */
final class Writer implements Journal {
  private static final int MOST_CALLS = 1_024;
  private static final long MOST_BYTES = 24 << 20;
  private static final long PATIENCE_NANOS = 100_000_000;

  private final Replica replica;
  private final Ledger ledger;
  private final Ledger.Parts parts;
  private final Upkeep upkeep;
  private final Path root;
  private final Queue<Call<?>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean look = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean closing;
  private boolean broken;

  /** Something to commit, or without a command, just to catch up for. */
  private static final class Call<T> {
    final @Nullable Command<T> command;
    final byte[] bytes;
    final Thread caller = Thread.currentThread();
    @Nullable T reply;
    @Nullable RuntimeException failure;

    /** Whether it has its reply or failure; whoever is done without had bad luck. */
    boolean served;

    volatile boolean done;

    Call(@Nullable Command<T> command) {
      this.command = command;
      this.bytes = command == null ? new byte[0] : command.encode();
    }

    /** Whether it has its reply without a commit. */
    boolean answer(Replica replica) {
      try {
        Optional<T> known = command == null ? Optional.empty() : replica.answer(command);
        reply = known.orElse(null);
        served = command == null || known.isPresent();
      } catch (RuntimeException e) {
        fail(e);
      }
      return served;
    }

    void apply(Replica replica, long sequence, byte[] file, Span span) {
      try {
        reply = replica.apply(command(), sequence, file, span.offset(), span.length());
        served = true;
      } catch (RuntimeException e) {
        fail(e);
      }
    }

    private Command<T> command() {
      if (command == null) {
        throw new IllegalStateException("There is nothing to commit.");
      }
      return command;
    }

    void fail(RuntimeException e) {
      reply = null;
      failure = e;
      served = true;
    }
  }

  Writer(Replica replica, Ledger ledger, Ledger.Parts parts, Upkeep upkeep, Path root) {
    this.replica = replica;
    this.ledger = ledger;
    this.parts = parts;
    this.upkeep = upkeep;
    this.root = root;
    this.thread = new Thread(this::run, "noria-file");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  @Override
  public <T> T commit(Command<T> command) {
    return await(new Call<>(command));
  }

  @Override
  public void catchUp() {
    Object ignored = await(new Call<>(null));
  }

  /** Catches up soon, without anybody waiting for it. */
  void look() {
    if (look.compareAndSet(false, true)) {
      LockSupport.unpark(thread);
    }
  }

  @SuppressWarnings("NullAway") // null only where T is nullable
  private <T> T await(Call<T> call) {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("A listener called the storage. It has to return at once.");
    }
    waiting.add(call);
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (!call.done) {
      if (!thread.isAlive() && waiting.remove(call)) {
        call.fail(closed());
        break;
      }
      // With an end, since nobody wakes who comes while the thread ends.
      LockSupport.parkNanos(this, PATIENCE_NANOS);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (call.failure != null) {
      throw call.failure;
    }
    if (!call.served) {
      throw new StorageException(
          Kind.INTERNAL,
          true,
          "A call was not finished, likely for lack of memory. Expected enough; see -Xmx.",
          null);
    }
    return call.reply;
  }

  private StorageException closed() {
    return new StorageException(
        Kind.UNAVAILABLE, "The file storage at " + root + " is closed. Open a new one.");
  }

  private void run() {
    while (!closing || !waiting.isEmpty()) {
      List<Call<?>> round = List.of();
      try {
        round = take();
        boolean asked = look.getAndSet(false);
        if (!round.isEmpty() || asked) {
          turn(round);
        } else if (!closing) {
          LockSupport.park(this);
        }
      } catch (RuntimeException | Error e) {
        // Not even an error could be handled: there may be memory again in a moment.
        broken = true;
        LockSupport.parkNanos(this, PATIENCE_NANOS);
      }
    }
    // A caller that came too late to be seen above finds out that nobody is here any more.
    waiting.forEach(call -> LockSupport.unpark(call.caller));
  }

  private List<Call<?>> take() {
    List<Call<?>> round = new ArrayList<>(4);
    long bytes = 0;
    for (Call<?> call = waiting.peek(); call != null; call = waiting.peek()) {
      bytes += call.bytes.length;
      if (!round.isEmpty() && (bytes > MOST_BYTES || round.size() == MOST_CALLS)) {
        break;
      }
      // In this order: if there is no memory for the first, nobody is forgotten.
      round.add(call);
      waiting.remove();
    }
    return round;
  }

  private void turn(List<Call<?>> round) {
    try {
      serve(round);
    } catch (IOException e) {
      unserved(round);
      round.forEach(call -> call.fail(Trouble.of(e, root)));
    } catch (RuntimeException | Error e) {
      unserved(round);
      // The state may have got a half of something: read it anew.
      broken = true;
      parts.aside().log().error("The file storage at {} starts anew", root, e);
      StorageException failure =
          new StorageException(Kind.INTERNAL, true, "A call failed: " + e, e);
      round.forEach(call -> call.fail(failure));
    } finally {
      for (Call<?> call : round) {
        call.done = true;
        LockSupport.unpark(call.caller);
      }
    }
  }

  /** Nobody may take a reply for good when telling what went wrong goes wrong too. */
  private static void unserved(List<Call<?>> round) {
    for (Call<?> call : round) {
      call.served = false;
    }
  }

  private void serve(List<Call<?>> round) throws IOException {
    if (broken) {
      ledger.load();
      broken = false;
    }
    ledger.catchUp();
    List<Call<?>> open = new ArrayList<>(round.size());
    for (Call<?> call : round) {
      if (!call.answer(replica)) {
        open.add(call);
      }
    }
    if (!open.isEmpty()) {
      commit(open);
    }
    if (!round.isEmpty()) {
      sync(round);
    }
    upkeep.consider(!open.isEmpty());
  }

  private void commit(List<Call<?>> calls) throws IOException {
    List<byte[]> commands = new ArrayList<>(calls.size());
    calls.forEach(call -> commands.add(call.bytes));
    Commit commit = Commit.of(commands);
    Path draft = parts.drafts().write(commit.file());
    try {
      long sequence = ledger.append(draft);
      ledger.weigh(commit.file().length);
      parts.contents().remember(sequence, commit.file());
      int next = 0;
      for (Span span : commit.commands()) {
        calls.get(next++).apply(replica, sequence, commit.file(), span);
      }
    } finally {
      parts.drafts().discard(draft);
    }
  }

  /** Nobody is answered before what the answer rests on survives. */
  private void sync(List<Call<?>> round) {
    try {
      ledger.log().sync();
      if (ledger.log().isDoubtful()) {
        upkeep.secure();
      }
    } catch (IOException e) {
      StorageException failure = Trouble.of(e, root, true);
      round.forEach(call -> call.fail(failure));
    }
  }

  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
