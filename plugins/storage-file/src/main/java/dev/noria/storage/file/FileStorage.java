package dev.noria.storage.file;

import dev.noria.engine.Command;
import dev.noria.engine.EngineStorage;
import dev.noria.engine.Replica;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.plugin.Plugin;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageInfo;
import dev.noria.storage.file.FileOptions.Fsync;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Keeps jobs in a folder of files: a log of batches over a state in the heap. Several processes of
 * one host may work on it at once. Thread-safe.
 */
public final class FileStorage implements JobStorage {
  private final EngineStorage engine;
  private final Writer writer;
  private final Running running;
  private boolean closed;

  /** What has to be ended. */
  private record Running(
      Watch watch, Upkeep upkeep, Aside aside, Owners owners, Replica replica, Teller teller) {}

  /**
   * Who opens a storage.
   *
   * @param process tells this process from any other of this host
   * @param marks numbers that nobody has twice
   */
  record Identity(String process, LongSupplier marks) {
    static Identity real() {
      return new Identity(Owners.thisProcess(), new SecureRandom()::nextLong);
    }
  }

  /**
   * Opens the folder, creating it when absent.
   *
   * @throws StorageException if it can not be opened
   */
  public static FileStorage open(FileOptions options) {
    return open(options, Identity.real());
  }

  /** A plugin that makes this the storage of a queue. */
  public static Plugin plugin(FileOptions options) {
    return Plugin.of("storage-file", installer -> installer.storage(() -> open(options)));
  }

  static FileStorage open(FileOptions options, Identity identity) {
    try {
      return new Opening(options, identity).open();
    } catch (IOException e) {
      throw Trouble.of(e, options.root());
    }
  }

  private FileStorage(EngineStorage engine, Writer writer, Running running) {
    this.engine = engine;
    this.writer = writer;
    this.running = running;
  }

  /** The steps of opening. */
  private static final class Opening {
    private final FileOptions options;
    private final Identity identity;
    private final Disk disk;

    /** Checkpoints and what is made once are synced in any case: without them nothing opens. */
    private final Disk strict;

    private final Home home;
    private final Owners owners;
    private final Teller teller = new Teller();
    private final Replica replica = new Replica(teller);

    Opening(FileOptions options, Identity identity) {
      this.options = options;
      this.identity = identity;
      Access access = new Access(options.root(), options.permissions());
      this.disk = new Disk(access, options.fsync() == Fsync.ALWAYS);
      this.strict = new Disk(access, true);
      this.home = new Home(options, strict);
      this.owners =
          new Owners(
              home.layout().owners(), disk, identity.marks().getAsLong(), identity.process());
    }

    FileStorage open() throws IOException {
      home.prepare();
      owners.open();
      try {
        home.checkMadeBy(owners.file());
        return start();
      } catch (IOException | RuntimeException e) {
        teller.close();
        owners.close();
        throw e;
      }
    }

    private FileStorage start() throws IOException {
      Layout layout = home.layout();
      Drafts drafts = new Drafts(layout.temp(), disk, owners.name());
      drafts.sweep(owners::isAlive);
      Aside aside = new Aside(layout.corrupt(), disk);
      ContentFiles contents = new ContentFiles(layout, disk, aside, options.sizes().cacheBytes());
      Ledger.Parts parts =
          new Ledger.Parts(
              layout,
              disk,
              drafts,
              new Checkpoints(layout, strict, drafts.by(strict)),
              contents,
              aside);
      String first = home.start(drafts.by(strict), identity.marks().getAsLong());
      Ledger ledger =
          new Ledger(
              replica,
              parts,
              first,
              new CommitLog.Shape(options.sizes().folderCommits(), identity.marks()));
      ledger.load();
      Upkeep upkeep = new Upkeep(replica, ledger, parts, owners, options.sizes().checkpointBytes());
      Writer writer = new Writer(replica, ledger, parts, upkeep, options.root());
      Watch watch =
          new Watch(
              () -> layout.log().resolve(ledger.place().folder()),
              writer::look,
              options.poll().toNanos());
      EngineStorage engine =
          new EngineStorage(
              info(), replica, new EngineStorage.Backing(writer, contents, owners.instance()));
      writer.start();
      watch.start();
      return new FileStorage(
          engine, writer, new Running(watch, upkeep, aside, owners, replica, teller));
    }

    private StorageInfo info() {
      return new StorageInfo(
          "file log " + Frame.VERSION,
          home.layout().folder().toString(),
          home.durability(),
          Limits.defaults(),
          Set.of(),
          true);
    }
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return engine.enqueue(call, jobs, now);
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    return engine.exchange(call, acks, request, now);
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return engine.extend(leases, expiresAt, now);
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    try {
      for (Owners.Dead dead : running.owners().dead()) {
        int ignored = writer.commit(Command.gone(dead.instance(), now));
        running.owners().forget(dead);
      }
    } catch (IOException e) {
      // Their leases expire by themselves; what is wrong with the folder, the next line tells.
    }
    return engine.maintain(limit, now).withSetAside(running.aside().takeUntold());
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return engine.find(ids, parts);
  }

  @Override
  public StorageInfo info() {
    return engine.info();
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    return engine.capability(type);
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    end(
        List.<Runnable>of(
                running.watch()::close,
                this::leave,
                writer::close,
                running.upkeep()::close,
                running.owners()::close,
                running.replica()::close,
                running.teller()::close)
            .iterator());
  }

  private void leave() {
    try {
      int ignored = writer.commit(Command.left(running.owners().instance()));
    } catch (StorageException e) {
      // A few bytes more in the state.
    }
  }

  /** Ends one after the other, also those behind one that fails. */
  private static void end(Iterator<Runnable> ends) {
    if (ends.hasNext()) {
      try {
        ends.next().run();
      } finally {
        end(ends);
      }
    }
  }
}
