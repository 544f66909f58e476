package dev.noria.engine;

import dev.noria.job.QueuePolicy;
import dev.noria.storage.Events.Mode;

/** Changes of queues and of the namespace. */
final class QueueCommands {
  private QueueCommands() {}

  /** A queue that only its pause or policy kept may go now. */
  private static void forgetLater(World world, NamedQueue queue) {
    if (!queue.exists()) {
      world.listIdle(queue);
    }
  }

  /** Begins or ends a pause (C2.8, C2.9). */
  static final class Pause extends Command<Boolean> {
    private final String queue;
    private final boolean paused;

    Pause(String queue, boolean paused, long now) {
      super(now);
      this.queue = queue;
      this.paused = paused;
    }

    @Override
    Kind kind() {
      return Kind.PAUSE;
    }

    @Override
    void write(Out out) {
      out.name(queue);
      out.flag(paused);
    }

    static Pause read(In in, long now) {
      String queue = in.name();
      return new Pause(queue, in.flag(), now);
    }

    @Override
    Boolean run(Engine engine) {
      NamedQueue named = engine.world.queue(queue);
      named.paused = paused;
      if (!paused) {
        engine.world.outbox.resumed(named);
      }
      forgetLater(engine.world, named);
      return paused;
    }
  }

  /** Sets a policy; replies the version of all (C2.11). */
  static final class Policy extends Command<Long> {
    private final String queue;
    private final QueuePolicy policy;

    Policy(String queue, QueuePolicy policy, long now) {
      super(now);
      this.queue = queue;
      this.policy = policy;
    }

    @Override
    Kind kind() {
      return Kind.POLICY;
    }

    @Override
    void write(Out out) {
      out.name(queue);
      Policies.write(out, policy);
    }

    static Policy read(In in, long now) {
      String queue = in.name();
      return new Policy(queue, Policies.read(in), now);
    }

    @Override
    Long run(Engine engine) {
      NamedQueue named = engine.world.queue(queue);
      named.use(policy, now);
      engine.world.outbox.touch(named);
      forgetLater(engine.world, named);
      return ++engine.world.policyVersion;
    }
  }

  /** Says which events are recorded (C6.1). */
  static final class Recording extends Command<Mode> {
    private final Mode mode;

    Recording(Mode mode) {
      super(0);
      this.mode = mode;
    }

    @Override
    Kind kind() {
      return Kind.MODE;
    }

    @Override
    void write(Out out) {
      out.choice(mode, EventLog.MODES);
    }

    static Recording read(In in) {
      return new Recording(in.choice(EventLog.MODES));
    }

    @Override
    Mode run(Engine engine) {
      engine.world.events.mode(mode);
      return mode;
    }
  }
}
