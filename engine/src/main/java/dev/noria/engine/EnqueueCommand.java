package dev.noria.engine;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import java.util.List;
import java.util.Optional;

/** Stores new jobs (S1). */
final class EnqueueCommand extends Command<List<EnqueueReceipt>> {
  private final CallId call;
  private final List<Draft> jobs;

  EnqueueCommand(CallId call, List<Draft> jobs, long now) {
    super(now);
    this.call = call;
    this.jobs = jobs;
  }

  @Override
  Kind kind() {
    return Kind.ENQUEUE;
  }

  @Override
  void write(Out out) {
    Wire.call(out, call);
    writeJobs(out, jobs);
  }

  static EnqueueCommand read(In in, long now) {
    CallId call = Wire.call(in);
    return new EnqueueCommand(call, readJobs(in), now);
  }

  static void writeJobs(Out out, List<Draft> jobs) {
    out.number(jobs.size());
    for (Draft draft : jobs) {
      Wire.job(out, draft.job());
    }
  }

  static List<Draft> readJobs(In in) {
    return in.list(() -> Wire.draft(in));
  }

  @Override
  List<EnqueueReceipt> run(Engine engine) {
    return engine.enqueue(call, jobs, now);
  }

  @Override
  @SuppressWarnings("unchecked")
  Optional<List<EnqueueReceipt>> answer(Engine engine) {
    List<EnqueueReceipt> again = engine.world.calls.again(call, List.class);
    return Optional.ofNullable(again);
  }

  /** Jobs that come from a caller. */
  static EnqueueCommand of(CallId call, List<NewJob> jobs, long now) {
    return new EnqueueCommand(call, Draft.of(jobs), now);
  }
}
