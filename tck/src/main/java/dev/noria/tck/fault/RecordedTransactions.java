package dev.noria.tck.fault;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.JdbcTransactions;
import dev.noria.tck.history.Entry;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Hears what is sent inside a transaction; whether that commits is never known here. */
final class RecordedTransactions implements JdbcTransactions {
  private final JdbcTransactions inner;
  private final Scribe scribe;

  RecordedTransactions(JdbcTransactions inner, Scribe scribe) {
    this.inner = inner;
    this.scribe = scribe;
  }

  @Override
  public List<EnqueueReceipt> enqueue(Connection connection, List<NewJob> jobs, Instant now) {
    CallId call = scribe.ownCall();
    List<Entry> sent = new ArrayList<>(Scribe.sent(call, jobs, now));
    sent.add(new Entry.CallFailed(call, true));
    scribe.say(sent);
    return inner.enqueue(connection, jobs, now);
  }

  @Override
  public List<AckReceipt> ack(Connection connection, List<Ack> acks, Instant now) {
    CallId call = scribe.ownCall();
    List<Entry> sent = new ArrayList<>();
    for (Ack ack : acks) {
      sent.add(Entry.AckSent.of(call, ack, now));
      sent.addAll(Scribe.sent(call, ack.followUps(), now));
    }
    sent.add(new Entry.CallFailed(call, true));
    scribe.say(sent);
    return inner.ack(connection, acks, now);
  }
}
