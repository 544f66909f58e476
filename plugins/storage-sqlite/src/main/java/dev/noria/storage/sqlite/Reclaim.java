package dev.noria.storage.sqlite;

import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.storage.JobStorage;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Takes leases back that have expired, or whose process is gone (S5.1). */
final class Reclaim {
  private record Owner(long id, String instance) {}

  private final Tx tx;
  private final Report report;
  private final long now;

  Reclaim(Tx tx, Report report, long now) {
    this.tx = tx;
    this.report = report;
    this.now = now;
  }

  /**
   * At most {@code limit}; {@code gone} names the storages whose processes are known to be gone.
   */
  void run(int limit, Set<String> gone) throws SQLException {
    List<Owner> owners =
        tx.sql("owner.leasing").all(row -> new Owner(row.getLong(1), row.getString(2)));
    int left = limit;
    for (Owner owner : owners) {
      long expired = gone.contains(owner.instance()) ? Long.MAX_VALUE : now;
      List<Long> found =
          tx.sql("job.expired_leases").with(owner.id()).with(expired).with(left).numbers();
      for (long seq : found) {
        one(seq);
      }
      left -= found.size();
      if (left == 0) {
        report.more = true;
        return;
      }
    }
    for (String instance : gone) {
      tx.sql("instance.delete").with(instance).run();
    }
    for (long idle : tx.sql("owner.idle").with(tx.place().instance()).numbers()) {
      tx.sql("owner.delete").with(idle).run();
    }
  }

  private void one(long seq) throws SQLException {
    JobRow row = Jobs.bySeq(tx.session(), seq);
    if (row == null) {
      return;
    }
    boolean started = row.has(Flags.STARTED);
    boolean abandoned = row.has(Flags.ABANDONED);
    NewJob job = row.job(tx.mirror().queue(row.queue));
    boolean last = job.maxAttempts() > 0 && row.attempt >= job.maxAttempts();
    if (!abandoned && (row.crashes == 0 || started)) {
      row.crashes++;
    }
    if (row.has(Flags.CANCEL)) {
      end(row, Ending.cancelled(Reasons.CANCELLED));
    } else if (!abandoned && row.crashes >= JobStorage.MAX_CRASHES) {
      end(row, Ending.dead(Reasons.POISON));
    } else if ((started || abandoned) && last) {
      end(row, Ending.dead(abandoned ? Reasons.ABANDONED : Reasons.ATTEMPTS));
    } else {
      row.attempt -= started || abandoned ? 0 : 1;
      row.reason = abandoned ? Reasons.ABANDONED : null;
      Waiting.until(tx, row, now, now);
      report.reclaimed.add(row.id);
    }
  }

  private void end(JobRow row, Ending ending) throws SQLException {
    report.ended.add(ending.apply(tx, row, now));
  }
}
