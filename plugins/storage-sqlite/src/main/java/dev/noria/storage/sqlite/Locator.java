package dev.noria.storage.sqlite;

import dev.noria.job.Bytes;
import dev.noria.storage.Lease;
import java.nio.ByteBuffer;
import java.sql.SQLException;

/** The row number that a lease carries, so that its ack goes straight to the row. */
final class Locator {
  private Locator() {}

  static Bytes of(long seq) {
    return Bytes.owned(ByteBuffer.allocate(Long.BYTES).putLong(seq).array());
  }

  /** The row of the lease, looked up by id where it does not say; -1 for none. */
  static long seq(Session session, Lease lease) throws SQLException {
    if (lease.locator().size() == Long.BYTES) {
      return lease.locator().toByteBuffer().getLong();
    }
    return session.sql("job.seq_of").with(lease.id().toBytes()).number(-1);
  }
}
