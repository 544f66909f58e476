package dev.noria.tck.history;

import dev.noria.job.JobId;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.tck.history.Entry.AckAnswered;
import dev.noria.tck.history.Entry.AckSent;
import dev.noria.tck.history.Entry.ChangeAnswered;
import dev.noria.tck.history.Entry.ChangeSent;
import dev.noria.tck.history.Entry.Dequeued;
import dev.noria.tck.history.Entry.Ended;
import dev.noria.tck.history.Entry.ExtendAnswered;
import dev.noria.tck.history.Entry.ExtendSent;
import dev.noria.tck.history.Entry.LeaseRef;
import dev.noria.tck.history.History.Line;
import dev.noria.tck.history.JobView.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the lines of a history where the index has them. */
final class Reader {
  private final Index index;
  private final Map<LeaseRef, Integer> extendedAt = new HashMap<>();

  Reader(Index index) {
    this.index = index;
  }

  void read(Line line, int at) {
    Entry entry = line.entry();
    if (!readCall(entry, at) && !readRun(line, entry, at) && !readReport(entry, at)) {
      readWorld(entry, at);
    }
  }

  private boolean readCall(Entry entry, int at) {
    if (entry instanceof Entry.EnqueueSent sent) {
      Call call = sent(sent.call(), at);
      index
          .job(sent.job())
          .sendings
          .computeIfAbsent(call, same -> new Sending(sent, same, at))
          .sent(sent);
    } else if (entry instanceof Entry.EnqueueAnswered answered) {
      Sending sending = index.job(answered.job()).sendings.get(index.call(answered.call(), at));
      if (sending != null && sending.answer == null) {
        sending.answer = answered;
        sending.answeredAt = at;
      }
    } else if (entry instanceof Entry.ExchangeSent sent) {
      sent(sent.call(), at).exchange = sent;
    } else if (entry instanceof Entry.MaintainSent sent) {
      sent(sent.call(), at).maintain = true;
    } else if (entry instanceof Entry.CallAnswered answered) {
      index.call(answered.call(), at).answered(at);
    } else if (entry instanceof Entry.CallFailed failed) {
      index.call(failed.call(), at).failed(failed.unknown(), at);
    } else {
      return false;
    }
    return true;
  }

  private Call sent(CallId id, int at) {
    Call call = index.call(id, at);
    call.sent();
    return call;
  }

  private boolean readRun(Line line, Entry entry, int at) {
    if (entry instanceof Dequeued dequeued) {
      readDequeued(line.process(), dequeued, at);
    } else if (entry instanceof AckSent sent) {
      Call call = sent(sent.call(), at);
      run(sent.lease()).acks.putIfAbsent(call, new Run.Acked(sent, call, at));
    } else if (entry instanceof AckAnswered answered) {
      readAckAnswered(answered, at);
    } else if (entry instanceof ExtendSent sent) {
      run(sent.lease()).extensions.add(sent);
      extendedAt.put(sent.lease(), at);
    } else if (entry instanceof ExtendAnswered answered) {
      int sentAt = extendedAt.getOrDefault(answered.lease(), at);
      run(answered.lease())
          .extended
          .add(new Run.Extended(sentAt, at, answered.status(), answered.expiresAt()));
    } else if (entry instanceof Entry.HandlerStarted started) {
      run(started.lease()).startedAt = at;
    } else if (entry instanceof Entry.HandlerEnded ended) {
      run(ended.lease()).endedAt = at;
    } else {
      return false;
    }
    return true;
  }

  private Run run(LeaseRef lease) {
    return index.job(lease.job()).runs.computeIfAbsent(lease, Run::new);
  }

  private void readDequeued(String process, Dequeued dequeued, int at) {
    Run run = run(dequeued.lease());
    Call call = index.call(dequeued.call(), at);
    call.answered(at);
    if (run.what == null) {
      run.what = dequeued;
      run.process = process;
      run.takenAt = at;
    }
    if (!run.calls.contains(call)) {
      run.calls.add(call);
    }
  }

  private void readAckAnswered(AckAnswered answered, int at) {
    Run.Acked ack = run(answered.lease()).acks.get(index.call(answered.call(), at));
    if (ack != null && ack.status == null) {
      ack.status = answered.status();
      ack.answeredAt = at;
    }
  }

  private boolean readReport(Entry entry, int at) {
    if (entry instanceof Ended ended) {
      JobView job = index.job(ended.job());
      // A repeated call tells the same end again.
      if (job.ended.stream().noneMatch(told -> told.what().call().equals(ended.call()))) {
        job.ended.add(told(ended, ended.call(), at));
      }
    } else if (entry instanceof Entry.Reclaimed told) {
      index.job(told.job()).reports.add(told(entry, told.call(), at));
    } else if (entry instanceof Entry.Unblocked told) {
      index.job(told.job()).reports.add(told(entry, told.call(), at));
    } else if (entry instanceof Entry.Purged told) {
      index.job(told.job()).reports.add(told(entry, told.call(), at));
    } else if (entry instanceof Entry.Moved moved) {
      index.job(moved.job()).moves.add(new Told<>(moved, at, null));
    } else {
      return false;
    }
    return true;
  }

  private <T extends Entry> Told<T> told(T entry, CallId call, int at) {
    return new Told<>(entry, at, index.call(call, at));
  }

  private void readWorld(Entry entry, int at) {
    Index.World world = index.world;
    if (entry instanceof ChangeSent sent) {
      index.job(sent.job()).changes.add(new JobView.Changed(sent, at));
    } else if (entry instanceof ChangeAnswered answered) {
      readChangeAnswered(answered);
    } else if (entry instanceof Entry.SweepSent sent) {
      world.sweeps.add(new Index.World.Sweep(sent.queue(), at));
    } else if (entry instanceof Entry.Paused paused) {
      pauses(paused.queue()).add(new Index.World.Pause(at));
    } else if (entry instanceof Entry.Resuming resuming) {
      pauses(resuming.queue()).stream()
          .filter(pause -> pause.until == Index.NEVER)
          .forEach(pause -> pause.until = at);
    } else if (entry instanceof Entry.TickSent sent) {
      tick(sent.schedule(), sent.tick(), sent.job());
    } else if (entry instanceof Entry.TickEnqueued enqueued) {
      tick(enqueued.schedule(), enqueued.tick(), enqueued.job());
      world.ticked.putIfAbsent(enqueued.job(), at);
    } else {
      readFault(entry, at);
    }
  }

  private void readFault(Entry entry, int at) {
    Index.World world = index.world;
    if (entry instanceof Entry.ProcessKilled killed) {
      world.kills.computeIfAbsent(killed.name(), name -> new ArrayList<>()).add(at);
      index.calls().stream()
          .filter(call -> call.process.equals(killed.name()))
          .forEach(call -> call.killed(at));
      Index.World.Fault fault = new Index.World.Fault(killed.name(), Durability.PROCESS, at);
      fault.endedAt = at;
      world.faults.add(fault);
    } else if (entry instanceof Entry.FaultBegan began) {
      world.faults.add(new Index.World.Fault(began.name(), began.survivedBy(), at));
    } else if (entry instanceof Entry.FaultEnded ended) {
      world.faults.stream()
          .filter(fault -> fault.name.equals(ended.name()) && fault.endedAt == Index.NEVER)
          .forEach(fault -> fault.endedAt = at);
    }
  }

  private void readChangeAnswered(ChangeAnswered answered) {
    List<JobView.Changed> changes = index.job(answered.job()).changes;
    changes.stream()
        .filter(change -> change.status == null && change.what.change() == answered.change())
        .findFirst()
        .ifPresent(change -> change.status = answered.status());
  }

  private List<Index.World.Pause> pauses(String queue) {
    return index.world.pauses.computeIfAbsent(queue, name -> new ArrayList<>());
  }

  private void tick(String schedule, Instant tick, JobId job) {
    List<JobId> jobs =
        index
            .world
            .ticks
            .computeIfAbsent(schedule, name -> new HashMap<>())
            .computeIfAbsent(tick, instant -> new ArrayList<>());
    if (!jobs.contains(job)) {
      jobs.add(job);
    }
  }
}
