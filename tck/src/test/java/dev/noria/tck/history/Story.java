package dev.noria.tck.history;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.storage.ExtendReceipt;
import dev.noria.tck.history.Entry.LeaseRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A forged history in short words. Jobs are small numbers, the clock is in seconds, leases hold 30
 * of them, and the process "w" speaks unless another is named. Completed jobs vanish at once.
 */
final class Story {
  static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  static final Duration LEASE = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong();
  private final Map<String, History> histories = new LinkedHashMap<>();
  private final Map<Integer, NewJob> jobs = new HashMap<>();
  private final List<StoredJob> stored = new ArrayList<>();
  private UnaryOperator<FinalState> end = state -> state;
  private UnaryOperator<Promise> promise = same -> same;
  private String speaker = "w";
  private long seconds;
  private long calls;

  /** From here on {@code name} speaks. */
  Story by(String name) {
    speaker = name;
    return this;
  }

  /** The clock shows {@code second}, and the monotonic clock moves as far. */
  Story at(long second) {
    nanos.addAndGet(Math.max(0, second - seconds) * 1_000_000_000);
    seconds = second;
    return this;
  }

  Instant now() {
    return START.plusSeconds(seconds);
  }

  static Instant second(long second) {
    return START.plusSeconds(second);
  }

  static JobId id(int job) {
    return new JobId(7, job);
  }

  CallId call() {
    return new CallId(1, ++calls);
  }

  Story say(Entry entry) {
    nanos.addAndGet(1_000);
    histories.computeIfAbsent(speaker, name -> History.inMemory(name, nanos::get)).add(entry);
    return this;
  }

  NewJob job(int job, UnaryOperator<NewJob.Builder> change) {
    NewJob fresh =
        change.apply(NewJob.builder(id(job), "type", "q", Bytes.utf8("payload " + job))).build();
    jobs.put(job, fresh);
    return fresh;
  }

  /** Hands a job over; the call is open. */
  CallId send(int job, UnaryOperator<NewJob.Builder> change) {
    CallId call = call();
    say(Entry.EnqueueSent.of(call, job(job, change), now()));
    return call;
  }

  Story answer(CallId call, int job, EnqueueReceipt receipt) {
    say(Entry.EnqueueAnswered.of(call, id(job), receipt));
    return say(new Entry.CallAnswered(call));
  }

  Story enqueue(int job) {
    return enqueue(job, same -> same);
  }

  Story enqueue(int job, UnaryOperator<NewJob.Builder> change) {
    return answer(send(job, change), job, EnqueueReceipt.enqueued(id(job)));
  }

  /** An enqueue of unknown outcome. */
  Story enqueueUnknown(int job) {
    return say(new Entry.CallFailed(send(job, same -> same), true));
  }

  /** An exchange on queue "q" is sent. */
  CallId ask() {
    CallId call = call();
    say(new Entry.ExchangeSent(call, 1, List.of("q"), now()));
    return call;
  }

  /** An exchange hands out a job that nobody else was asked for. */
  Story take(int job, long epoch) {
    return take(ask(), job, epoch);
  }

  Story take(CallId call, int job, long epoch) {
    return take(call, job, epoch, 0);
  }

  Story take(CallId call, int job, long epoch, int generation) {
    NewJob what = jobs.containsKey(job) ? jobs.get(job) : job(job, same -> same);
    Instant runAt = what.runAt() == null ? START : what.runAt();
    say(
        new Entry.Dequeued(
            call,
            lease(job, epoch),
            (int) epoch,
            0,
            generation,
            what.queue(),
            what.group(),
            what.priority(),
            runAt,
            now().plus(LEASE),
            Entry.digest(what.payload()),
            now()));
    return say(new Entry.CallAnswered(call));
  }

  static LeaseRef lease(int job, long epoch) {
    return new LeaseRef(id(job), epoch, 1);
  }

  /** An ack that is sent; the call is open. Retries are due ten seconds later. */
  CallId sendAck(int job, long epoch, Ack.Kind kind) {
    CallId call = call();
    Instant at = kind == Ack.Kind.RETRY ? now().plusSeconds(10) : null;
    say(new Entry.AckSent(call, lease(job, epoch), kind, at, null, now()));
    return call;
  }

  Story ack(int job, long epoch, Ack.Kind kind) {
    return ack(job, epoch, kind, AckReceipt.Status.APPLIED);
  }

  Story ack(int job, long epoch, Ack.Kind kind, AckReceipt.Status status) {
    return answerAck(sendAck(job, epoch, kind), job, epoch, status);
  }

  Story answerAck(CallId call, int job, long epoch, AckReceipt.Status status) {
    say(new Entry.AckAnswered(call, lease(job, epoch), status));
    return say(new Entry.CallAnswered(call));
  }

  Story complete(int job, long epoch) {
    return ack(job, epoch, Ack.Kind.COMPLETED);
  }

  Story extend(int job, long epoch, ExtendReceipt.Status status) {
    Instant until = now().plus(LEASE);
    say(new Entry.ExtendSent(lease(job, epoch), false, false, until, now()));
    return say(new Entry.ExtendAnswered(lease(job, epoch), status, until));
  }

  Story start(int job, long epoch) {
    return say(new Entry.HandlerStarted(lease(job, epoch)));
  }

  Story finish(int job, long epoch) {
    return say(new Entry.HandlerEnded(lease(job, epoch)));
  }

  /** A maintain takes a lease back. */
  Story reclaim(int job) {
    CallId call = maintain();
    say(new Entry.Reclaimed(call, id(job), now()));
    return say(new Entry.CallAnswered(call));
  }

  /** A maintain ends a job. */
  Story end(int job, JobState state, String reason) {
    CallId call = maintain();
    say(new Entry.Ended(call, id(job), state, reason, now()));
    return say(new Entry.CallAnswered(call));
  }

  CallId maintain() {
    CallId call = call();
    say(new Entry.MaintainSent(call, now()));
    return call;
  }

  Story kill(String process) {
    return say(new Entry.ProcessKilled(process));
  }

  /** A fault that only storages of at least that level survive without loss. */
  Story fault(Durability survivedBy) {
    say(new Entry.FaultBegan("fault", survivedBy));
    return say(new Entry.FaultEnded("fault"));
  }

  Story stored(int job, JobState state) {
    return stored(job, state, status -> status, null);
  }

  /** The job is there at the end, with changes to its status and a reason. */
  Story stored(int job, JobState state, UnaryOperator<NewJob> change, String reason) {
    NewJob known = jobs.containsKey(job) ? jobs.get(job) : job(job, same -> same);
    NewJob what = change.apply(known);
    Instant due = what.runAt() == null ? START : what.runAt();
    Instant finished = state.isFinished() ? START : null;
    Instant leased = state == JobState.RUNNING ? START.plus(LEASE) : null;
    JobStatus status =
        new JobStatus(state, START, due, finished, 1, 0, 1, 0, reason, false, null, leased);
    stored.add(new StoredJob(what, status, null, List.of(), JobNotes.NONE));
    return this;
  }

  Story promising(UnaryOperator<Promise> change) {
    promise = change;
    return this;
  }

  Story ending(UnaryOperator<FinalState> change) {
    end = change;
    return this;
  }

  /** Everything that was said, in order. */
  History history() {
    History[] all = histories.values().toArray(History[]::new);
    return History.inMemory("harness", nanos::get).with(all);
  }

  Verdict check() {
    return check(Durability.HOST);
  }

  Verdict check(Durability durability) {
    FinalState state = end.apply(FinalState.of(nanos.get() + 1, now(), stored));
    return HistoryChecker.check(history(), state, promise.apply(Promise.of(durability, LEASE)));
  }

  static UnaryOperator<NewJob.Builder> kept() {
    return job -> job.retention(Retention.WITH_RESULT);
  }
}
