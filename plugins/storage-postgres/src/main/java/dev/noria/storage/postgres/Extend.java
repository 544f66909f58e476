package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.ExtendReceipt.Status;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Pushes leases (S4), all with one statement that waits for nobody. A lease whose row is locked is
 * good: by a caller's transaction that acks it. It is waited for a little only if it has expired,
 * since maintenance may be taking it back this very moment, or if it lacks a mark that it is to
 * get, since a mark that was told and not written would be missed when its worker dies.
 */
final class Extend {
  private static final String PATIENCE_MILLIS = "300";

  private final Server server;
  private final List<LeaseUse> uses;
  private final long expiresAt;
  private final long now;

  /** A lease that is current. */
  private record Current(int flags, long expires) {}

  Extend(Server server, List<LeaseUse> uses, long expiresAt, long now) {
    this.server = server;
    this.uses = uses;
    this.expiresAt = expiresAt;
    this.now = now;
  }

  List<ExtendReceipt> run() {
    Set<JobId> pushed = new HashSet<>();
    Map<JobId, Current> current = new HashMap<>();
    server.apart(
        session -> {
          pushed.clear();
          pushed.addAll(push(session));
          current.clear();
          current.putAll(look(session, uses));
          return current;
        });
    for (LeaseUse use : uses) {
      JobId id = use.lease().id();
      Current lease = current.get(id);
      if (lease == null || pushed.contains(id)) {
        continue;
      }
      boolean marked = (lease.flags() & marks(use)) == marks(use);
      if ((lease.expires() <= now || !marked) && !isKept(use)) {
        current.remove(id);
      }
    }
    return receipts(current);
  }

  private List<JobId> push(Session session) throws SQLException {
    List<JobId> pushed = new ArrayList<>();
    Map<Integer, List<Lease>> byMarks = new TreeMap<>();
    for (LeaseUse use : uses) {
      byMarks.computeIfAbsent(marks(use), any -> new ArrayList<>()).add(use.lease());
    }
    for (Map.Entry<Integer, List<Lease>> alike : byMarks.entrySet()) {
      int marks = alike.getKey();
      pushed.addAll(
          bind(session.sql("extend.run"), alike.getValue())
              .word(marks)
              .word(marks)
              .with(expiresAt)
              .ids());
    }
    return pushed;
  }

  private static int marks(LeaseUse use) {
    return (use.started() ? Flags.STARTED : 0) | (use.abandoned() ? Flags.ABANDONED : 0);
  }

  private static Stmt bind(Stmt statement, List<Lease> leases) throws SQLException {
    UUID[] ids = new UUID[leases.size()];
    int[] epochs = new int[ids.length];
    long[] nonces = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      Lease lease = leases.get(i);
      ids[i] = lease.id().toUuid();
      epochs[i] = (int) lease.epoch();
      nonces[i] = lease.nonce();
    }
    return statement.array("uuid", ids).numbers(epochs).numbers(nonces);
  }

  private static Map<JobId, Current> look(Session session, List<LeaseUse> of) throws SQLException {
    Map<JobId, Current> found = new HashMap<>();
    bind(session.sql("extend.look"), of.stream().map(LeaseUse::lease).toList())
        .all(row -> found.put(Stmt.id(row, 1), new Current(row.getInt(2), row.getLong(3))));
    return found;
  }

  /**
   * Whether the lease is still there, with its marks, when whoever has its row locked lets go, or
   * does not: then it is somebody's transaction that acks it.
   */
  private boolean isKept(LeaseUse use) {
    try {
      return server
          .transact(
              tx -> {
                tx.sql("session.limits").with("0").with(PATIENCE_MILLIS).execute();
                JobRow row = Jobs.lock(tx, use.lease().id());
                if (row == null || !Acks.is(row, use.lease())) {
                  return false;
                }
                row.set(Flags.STARTED, use.started() || row.has(Flags.STARTED));
                row.set(Flags.ABANDONED, use.abandoned() || row.has(Flags.ABANDONED));
                if (!row.has(Flags.ABANDONED)) {
                  row.expires = Math.max(row.expires, expiresAt);
                }
                row.save(tx);
                return true;
              })
          .result();
    } catch (StorageException e) {
      if (e.kind() == Kind.CONFLICT) {
        return isCurrent(use);
      }
      throw e;
    }
  }

  /** Whether the lease is still there when those have ended who are taking leases back now. */
  private boolean isCurrent(LeaseUse use) {
    return server.apart(
        session -> {
          session.sql("session.reclaimed").execute();
          return look(session, List.of(use)).containsKey(use.lease().id());
        });
  }

  private List<ExtendReceipt> receipts(Map<JobId, Current> current) {
    List<ExtendReceipt> receipts = new ArrayList<>(uses.size());
    for (LeaseUse use : uses) {
      JobId id = use.lease().id();
      Current lease = current.get(id);
      Status status = Status.LOST;
      if (lease != null) {
        boolean cancel = (lease.flags() & Flags.CANCEL) != 0;
        status = cancel ? Status.CANCEL_REQUESTED : Status.EXTENDED;
      }
      receipts.add(new ExtendReceipt(id, status));
    }
    return receipts;
  }
}
