package dev.noria.storage.sqlite;

import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.ExtendReceipt.Status;
import dev.noria.storage.LeaseUse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pushes leases (S4): all that need no new mark with one statement. */
final class Extend {
  private Extend() {}

  static List<ExtendReceipt> run(Tx tx, List<LeaseUse> uses, long expiresAt) throws SQLException {
    List<Long> plain = new ArrayList<>();
    List<ExtendReceipt> receipts =
        judge(tx.session(), uses, (use, lease) -> extend(tx, use, lease, expiresAt, plain));
    if (!plain.isEmpty()) {
      tx.sql("extend.run").with(expiresAt).with(Jobs.array(plain)).run();
    }
    return receipts;
  }

  /** What can be said without writing: a lease that is current is as good as extended. */
  static List<ExtendReceipt> look(Session session, List<LeaseUse> uses) throws SQLException {
    return judge(session, uses, (use, lease) -> {});
  }

  /** What to do with a lease that is current. */
  private interface Push {
    void apply(LeaseUse use, Acks.Held lease) throws SQLException;
  }

  private static List<ExtendReceipt> judge(Session session, List<LeaseUse> uses, Push push)
      throws SQLException {
    List<Long> seqs = new ArrayList<>(uses.size());
    for (LeaseUse use : uses) {
      seqs.add(Locator.seq(session, use.lease()));
    }
    Map<Long, Acks.Held> held = Acks.held(session, seqs);
    List<ExtendReceipt> receipts = new ArrayList<>(uses.size());
    for (int i = 0; i < uses.size(); i++) {
      LeaseUse use = uses.get(i);
      Acks.Held lease = held.get(seqs.get(i));
      Status status = Status.LOST;
      if (lease != null && lease.is(use.lease())) {
        push.apply(use, lease);
        boolean cancel = (lease.flags() & Flags.CANCEL) != 0;
        status = cancel ? Status.CANCEL_REQUESTED : Status.EXTENDED;
      }
      receipts.add(new ExtendReceipt(use.lease().id(), status));
    }
    return receipts;
  }

  private static void extend(Tx tx, LeaseUse use, Acks.Held lease, long expiresAt, List<Long> plain)
      throws SQLException {
    long marks = (use.started() ? Flags.STARTED : 0) | (use.abandoned() ? Flags.ABANDONED : 0);
    boolean marked = (lease.flags() & marks) == marks;
    boolean abandoned = ((lease.flags() | marks) & Flags.ABANDONED) != 0;
    if (marked && !abandoned) {
      plain.add(lease.seq());
    } else if (!marked) {
      // An abandoned lease is marked, never pushed.
      long until = abandoned ? 0 : expiresAt;
      tx.sql("extend.lease").with(until).with(marks).with(lease.seq()).run();
    }
  }
}
