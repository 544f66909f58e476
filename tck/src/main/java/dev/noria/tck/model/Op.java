package dev.noria.tck.model;

import dev.noria.storage.Ack;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a random sequence. */
sealed interface Op {

  /** Takes the step on one side; the answer is what the contract fixes of the reply. */
  Object on(Side side, Instant now);

  /** The job that the step is about; −1 for none. */
  default int job() {
    return -1;
  }

  /** Which version of a register the caller believes in. */
  enum Guess {
    /** None: it is absent. */
    ZERO,
    /** The one that was written last. */
    LAST,
    /** The one before. */
    OLD
  }

  /** Stores some jobs in one call. */
  record Enqueue(List<Spec> specs) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.enqueue(specs, now);
    }
  }

  /** Takes a few jobs of queue 0 and all that queue 1 gives, as one of two workers. */
  record Dequeue(int limit, int worker) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.dequeue(limit, worker, now);
    }
  }

  /** Ends the last lease of a job, or one of those before. */
  record Settle(Ack.Kind kind, int job, int age, int delay, @Nullable Spec followUp) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.ack(this, now);
    }
  }

  /** Extends a lease. */
  record Extend(int job, int age, boolean started, int seconds) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.extend(this, now);
    }
  }

  /** Housekeeping; what it did shows in the jobs. */
  record Maintain() implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return "done";
    }
  }

  /** Cancels. */
  record Cancel(int job) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.admin().cancel(side.ids(job), now);
    }
  }

  /** Deletes. */
  record Delete(int job) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.admin().delete(side.ids(job), now);
    }
  }

  /** Gives another due instant, in the future. */
  record Reschedule(int job, int seconds) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.admin().reschedule(side.ids(job), Spec.due(now, seconds, job), now);
    }
  }

  /** Gives another priority. */
  record Reprioritise(int job, int priority) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.admin().reprioritise(side.ids(job), priority, now);
    }
  }

  /** Replays. */
  record Replay(int job) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.admin().replay(side.ids(job), now);
    }
  }

  /** Pauses a queue, or ends the pause. */
  record Pause(int queue, boolean on) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      side.pause(queue, on, now);
      return on;
    }
  }

  /** Deletes all finished jobs of a queue. */
  record Purge(int queue) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.purge(queue, now);
    }
  }

  /** Writes a register, perhaps with a job in the same unit. */
  record Write(int register, Guess guess, @Nullable Spec spec) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.write(this, now);
    }
  }

  /** Deletes a register. */
  record Forget(int register, Guess guess) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.forget(this, now);
    }
  }

  /** Lets time pass. */
  record Pass(int seconds) implements Op {
    @Override
    public Object on(Side side, Instant now) {
      // Who is promoted when is up to the storage: from here on all that are due are READY.
      return side.dequeue(1, 0, now);
    }
  }

  /** Repeats the last call that has a CallId. */
  record Repeat() implements Op {
    @Override
    public Object on(Side side, Instant now) {
      return side.repeat();
    }
  }
}
