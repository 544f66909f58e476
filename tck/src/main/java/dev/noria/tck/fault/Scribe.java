package dev.noria.tck.fault;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.StorageException;
import dev.noria.tck.history.Entry;
import dev.noria.tck.history.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Says what goes through a storage to its history. */
final class Scribe {
  private final History history;
  private final long client = UUID.randomUUID().getLeastSignificantBits();
  private final AtomicLong sequence = new AtomicLong();

  Scribe(History history) {
    this.history = history;
  }

  void say(List<Entry> entries) {
    if (!entries.isEmpty()) {
      history.addAll(entries);
    }
  }

  /** A name for a call that has none in the contract. */
  CallId ownCall() {
    return new CallId(client, sequence.incrementAndGet());
  }

  /** Says what is sent, makes the call, says what came of it. */
  <T> T call(CallId call, List<Entry> sent, Supplier<T> action, Function<T, List<Entry>> answers) {
    say(sent);
    T reply = attempt(call, action);
    List<Entry> all = new ArrayList<>(answers.apply(reply));
    all.add(new Entry.CallAnswered(call));
    say(all);
    return reply;
  }

  private <T> T attempt(CallId call, Supplier<T> action) {
    try {
      return action.get();
    } catch (StorageException e) {
      say(List.of(new Entry.CallFailed(call, e.outcomeUnknown())));
      throw e;
    } catch (IllegalArgumentException e) {
      say(List.of(new Entry.CallFailed(call, false)));
      throw e;
    } catch (RuntimeException | Error e) {
      say(List.of(new Entry.CallFailed(call, true)));
      throw e;
    }
  }

  List<EnqueueReceipt> enqueue(
      CallId call, List<NewJob> jobs, Instant now, Supplier<List<EnqueueReceipt>> action) {
    return call(call, sent(call, jobs, now), action, receipts -> receipts(call, jobs, receipts));
  }

  static List<Entry> sent(CallId call, List<NewJob> jobs, Instant now) {
    return jobs.stream().map(job -> (Entry) Entry.EnqueueSent.of(call, job, now)).toList();
  }

  static List<Entry> receipts(CallId call, List<NewJob> jobs, List<EnqueueReceipt> receipts) {
    List<Entry> answers = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      answers.add(Entry.EnqueueAnswered.of(call, jobs.get(i).id(), receipts.get(i)));
    }
    return answers;
  }
}
