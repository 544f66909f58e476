package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A state as bytes. Everything that has an order is written in it, everything else in the order of
 * its names; what follows from the rest is not written but made anew.
 */
final class Snapshot {
  private static final int VERSION = 1;
  private static final int CHUNK = 65_536;

  private final World world;

  Snapshot(World world) {
    this.world = world;
  }

  void write(OutputStream stream) throws IOException {
    try {
      writeAll(stream);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void writeAll(OutputStream stream) throws IOException {
    Out out = new Out();
    out.number(VERSION);
    out.number(world.sequence);
    out.number(world.stamps);
    out.number(world.policyVersion);
    out.list(world.queues.values(), queue -> queue.write(out));
    out.list(world.idleQueues, queue -> out.name(queue.name));
    writeEntries(out, stream);
    world.keys.write(out);
    out.drain(stream, 0);
    world.dependents.write(out);
    world.registers.write(out);
    world.calls.write(out);
    world.events.write(out);
    out.number(world.owners.size());
    world.owners.forEach(
        (nonce, instance) -> {
          out.fixed(nonce);
          out.fixed(instance);
        });
    out.drain(stream, 0);
    stream.flush();
  }

  private void writeEntries(Out out, OutputStream stream) {
    Map<Shape, Integer> shapes = new LinkedHashMap<>();
    out.number(world.jobs.size());
    world.jobs.forEach(
        entry -> {
          Integer known = shapes.putIfAbsent(entry.shape, shapes.size() + 1);
          out.number(known == null ? 0 : known);
          if (known == null) {
            Wire.shape(out, entry.shape);
          }
          writeEntry(out, entry);
          try {
            out.drain(stream, CHUNK);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void writeEntry(Out out, Entry entry) {
    out.id(entry.id());
    out.name(entry.queue());
    String group = entry.line.group;
    int flags = Wire.STATES.indexOf(entry.state) << 4;
    flags |= entry.run == null ? 0 : 1;
    flags |= entry.extras == null ? 0 : 2;
    flags |= group.isEmpty() ? 0 : 4;
    out.bits(flags);
    if (!group.isEmpty()) {
      out.text(group);
    }
    out.number(entry.enqueuedAt);
    out.number(entry.dueAt - entry.enqueuedAt);
    out.flag(entry.askedAt != Entry.NONE);
    if (entry.askedAt != Entry.NONE) {
      out.number(entry.askedAt - entry.enqueuedAt);
    }
    out.number(entry.sequence);
    entry.body().write(out);
    if (entry.run != null) {
      entry.run.write(out);
    }
    if (entry.extras != null) {
      entry.extras.write(out);
      out.number(entry.extras.outstanding);
      out.flag(entry.state.isFinished() && entry.chain != null);
    }
  }

  void read(InputStream stream) throws IOException {
    try {
      read(new In(stream));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void read(In in) {
    long version = in.number();
    if (version != VERSION) {
      throw new StorageException(
          StorageException.Kind.CORRUPT,
          "A snapshot has format " + version + ". Expected " + VERSION + ": update Noria.");
    }
    world.sequence = in.number();
    world.stamps = in.number();
    world.policyVersion = in.number();
    for (int left = in.size(); left > 0; left--) {
      NamedQueue queue = NamedQueue.read(in);
      world.queues.put(queue.name, queue);
    }
    for (String name : in.list(in::name)) {
      NamedQueue queue = world.queue(name);
      queue.isIdleListed = true;
      world.idleQueues.add(queue);
    }
    readEntries(in);
    world.keys.read(in);
    world.dependents.read(in, this::job);
    world.registers.read(in);
    world.calls.read(in);
    world.events.read(in);
    for (int left = in.size(); left > 0; left--) {
      long nonce = in.fixed();
      world.owners.put(nonce, in.fixed());
    }
  }

  private Entry job(JobId id) {
    Entry entry = world.jobs.get(id);
    if (entry == null) {
      throw new StorageException(
          StorageException.Kind.CORRUPT, "A snapshot names job " + id + " but does not have it.");
    }
    return entry;
  }

  private void readEntries(In in) {
    Restored restored = new Restored(world);
    List<Shape> shapes = new ArrayList<>();
    for (int left = in.size(); left > 0; left--) {
      int known = in.size();
      if (known == 0) {
        shapes.add(world.shapes.use(Wire.shape(in).job()));
        known = shapes.size();
      } else {
        shapes.get(known - 1).uses++;
      }
      restored.add(readEntry(in, shapes.get(known - 1), restored));
    }
    restored.place();
  }

  private static Entry readEntry(In in, Shape shape, Restored restored) {
    JobId id = in.id();
    String queue = in.name();
    int flags = in.bits();
    String group = (flags & 4) == 0 ? "" : in.text();
    long enqueuedAt = in.number();
    Entry entry = new Entry(id, shape, restored.line(queue, group), enqueuedAt);
    entry.state = Wire.STATES.get(flags >> 4);
    entry.dueAt = enqueuedAt + in.number();
    if (in.flag()) {
      entry.askedAt = enqueuedAt + in.number();
    }
    entry.sequence = in.number();
    entry.body(Body.read(in));
    if ((flags & 1) != 0) {
      entry.run = Run.read(in);
    }
    if ((flags & 2) != 0) {
      Extras extras = Extras.read(in);
      entry.extras = extras;
      extras.outstanding = in.size();
      restored.kept(entry, in.flag());
    }
    return entry;
  }

  /** Jobs that were read, on the way to their places. */
  private static final class Restored {
    private final World world;
    private final Map<String, Map<String, Line>> orphans = new HashMap<>();
    private final List<Entry> ready = new ArrayList<>();
    private final List<Entry> leased = new ArrayList<>();
    private final List<Entry> kept = new ArrayList<>();

    Restored(World world) {
      this.world = world;
    }

    /** The line of a group; one of its own for finished jobs whose line was forgotten. */
    Line line(String queueName, String group) {
      NamedQueue queue = world.queue(queueName);
      Line line = queue.lineOrNull(group);
      return line != null
          ? line
          : orphans
              .computeIfAbsent(queueName, any -> new HashMap<>())
              .computeIfAbsent(group, any -> new Line(queue, group));
    }

    void kept(Entry entry, boolean isKept) {
      if (isKept) {
        kept.add(entry);
      }
    }

    void add(Entry entry) {
      Line line = entry.line;
      world.jobs.add(entry);
      world.live.add(entry.contentSequence());
      if (entry.extras != null) {
        entry.extras.count(world.live);
      }
      line.queue.counts.add(entry.state);
      if (!entry.state.isFinished()) {
        line.members++;
      }
      switch (entry.state) {
        case READY -> ready.add(entry);
        case SCHEDULED -> line.queue.scheduled.add(entry);
        case RUNNING -> leased.add(entry);
        default -> {}
      }
      if (entry.state.isWaiting() && entry.deadline() != Entry.NONE) {
        world.deadlines.add(entry);
      }
    }

    /** Brings those that have an order into it. */
    void place() {
      ready.sort(
          Comparator.<Entry>comparingLong(entry -> entry.dueAt)
              .thenComparingLong(entry -> entry.sequence));
      ready.forEach(entry -> entry.line.add(entry));
      leased.sort(Comparator.comparingLong(entry -> entry.run().stamp));
      for (Entry entry : leased) {
        world.leases.add(entry, entry.run().expiresAt);
        entry.line.queue.running++;
        entry.line.running++;
      }
      kept.sort(Comparator.comparingLong(entry -> entry.extras().stamp));
      kept.forEach(entry -> world.retention.add(entry, World.keptUntil(entry)));
    }
  }
}
