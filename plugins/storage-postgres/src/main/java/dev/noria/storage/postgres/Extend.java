package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.ExtendReceipt.Status;
import dev.noria.storage.LeaseUse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Pushes leases (S4), all with one statement that waits for nobody. */
final class Extend {
  private Extend() {}

  static List<ExtendReceipt> run(Session session, List<LeaseUse> uses, long expiresAt)
      throws SQLException {
    int size = uses.size();
    UUID[] ids = new UUID[size];
    int[] epochs = new int[size];
    long[] nonces = new long[size];
    int[] marks = new int[size];
    for (int i = 0; i < size; i++) {
      LeaseUse use = uses.get(i);
      ids[i] = use.lease().id().toUuid();
      epochs[i] = (int) use.lease().epoch();
      nonces[i] = use.lease().nonce();
      marks[i] =
          (use.started() ? Flags.STARTED : 0) | (use.abandoned() ? Flags.ABANDONED : 0);
    }
    Map<JobId, Integer> flags = new HashMap<>();
    session
        .sql("extend.run")
        .array("uuid", ids)
        .numbers(epochs)
        .numbers(nonces)
        .numbers(marks)
        .with(expiresAt)
        .with(expiresAt)
        .all(row -> flags.put(Stmt.id(row, 1), row.getInt(2)));
    return receipts(uses, flags);
  }

  private static List<ExtendReceipt> receipts(List<LeaseUse> uses, Map<JobId, Integer> current) {
    List<ExtendReceipt> receipts = new ArrayList<>(uses.size());
    for (LeaseUse use : uses) {
      JobId id = use.lease().id();
      Integer flags = current.get(id);
      Status status = Status.LOST;
      if (flags != null) {
        status = (flags & Flags.CANCEL) != 0 ? Status.CANCEL_REQUESTED : Status.EXTENDED;
      }
      receipts.add(new ExtendReceipt(id, status));
    }
    return receipts;
  }
}
