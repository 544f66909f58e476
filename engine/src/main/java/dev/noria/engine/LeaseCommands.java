package dev.noria.engine;

import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Changes of leases that are not acks. */
final class LeaseCommands {
  private LeaseCommands() {}

  /** Extends leases (S4). */
  static final class Extend extends Command<List<ExtendReceipt>> {
    private final List<LeaseUse> leases;
    private final long expiresAt;

    Extend(List<LeaseUse> leases, long expiresAt, long now) {
      super(now);
      this.leases = leases;
      this.expiresAt = expiresAt;
    }

    @Override
    Kind kind() {
      return Kind.EXTEND;
    }

    @Override
    void write(Out out) {
      out.number(expiresAt);
      out.list(
          leases,
          use -> {
            Wire.lease(out, use.lease());
            out.bits((use.started() ? 1 : 0) | (use.abandoned() ? 2 : 0));
          });
    }

    static Extend read(In in, long now) {
      long expiresAt = in.number();
      List<LeaseUse> leases =
          in.list(
              () -> {
                Lease lease = Wire.lease(in);
                int flags = in.bits();
                return new LeaseUse(lease, (flags & 1) != 0, (flags & 2) != 0);
              });
      return new Extend(leases, expiresAt, now);
    }

    @Override
    List<ExtendReceipt> run(Engine engine) {
      return engine.extend(leases, expiresAt);
    }
  }

  /** All leases of a process that is known to be dead expire; replies how many. */
  static final class Gone extends Command<Integer> {
    private final long instance;

    /** Whether it died; else it only says that it will not, and its leases stay. */
    private final boolean died;

    Gone(long instance, boolean died, long now) {
      super(now);
      this.instance = instance;
      this.died = died;
    }

    @Override
    Kind kind() {
      return Kind.GONE;
    }

    @Override
    void write(Out out) {
      out.fixed(instance);
      out.flag(died);
    }

    static Gone read(In in, long now) {
      long instance = in.fixed();
      return new Gone(instance, in.flag(), now);
    }

    @Override
    Optional<Integer> answer(Engine engine) {
      return engine.world.owners.containsValue(instance) ? Optional.empty() : Optional.of(0);
    }

    @Override
    Integer run(Engine engine) {
      World world = engine.world;
      Set<Long> nonces = new TreeSet<>();
      world.owners.forEach(
          (nonce, owner) -> {
            if (owner == instance) {
              nonces.add(nonce);
            }
          });
      world.owners.keySet().removeAll(nonces);
      List<Entry> theirs = nonces.isEmpty() || !died ? List.of() : leasedWith(world, nonces);
      for (Entry entry : theirs) {
        Run run = entry.run();
        world.leases.remove(entry);
        run.expiresAt = Math.min(run.expiresAt, now);
        world.expect(entry, run);
      }
      return theirs.size();
    }

    private static List<Entry> leasedWith(World world, Set<Long> nonces) {
      List<Entry> found = new ArrayList<>();
      world.leases.forEach(
          entry -> {
            if (nonces.contains(entry.run().nonce)) {
              found.add(entry);
            }
          });
      return found;
    }
  }

  /** Leased jobs whose contents are gone or damaged end DEAD(CORRUPT) (S2.6); how many did. */
  static final class Corrupt extends Command<Integer> {
    private final List<Lease> leases;

    Corrupt(List<Lease> leases, long now) {
      super(now);
      this.leases = leases;
    }

    @Override
    Kind kind() {
      return Kind.CORRUPT;
    }

    @Override
    void write(Out out) {
      out.list(leases, lease -> Wire.lease(out, lease));
    }

    static Corrupt read(In in, long now) {
      return new Corrupt(in.list(() -> Wire.lease(in)), now);
    }

    @Override
    Integer run(Engine engine) {
      int ended = 0;
      for (Lease lease : leases) {
        Entry entry = engine.world.leased(lease);
        if (entry != null) {
          engine.world.end(entry, JobState.DEAD, Reasons.CORRUPT, now);
          ended++;
        }
      }
      engine.settle(now);
      return ended;
    }
  }
}
