package dev.noria.tck.model;

import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.KeyPolicy;
import dev.noria.storage.Ack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Random sequences: the same ones for the same seed. */
final class OpSource {
  private static final Duration WINDOW = Duration.ofMillis(7_333);

  private final SplittableRandom random;
  private final boolean administered;
  private final boolean registered;
  private final List<Spec> specs = new ArrayList<>();

  /** Jobs that may still become somebody's dependency; none has two dependents. */
  private final List<Integer> lonely = new ArrayList<>();

  OpSource(long seed, boolean administered, boolean registered) {
    this.random = new SplittableRandom(seed);
    this.administered = administered;
    this.registered = registered;
  }

  List<Op> sequence(int length) {
    List<Op> ops = new ArrayList<>();
    ops.add(enqueue());
    while (ops.size() < length) {
      int dice = random.nextInt(100);
      if (dice < 22) {
        ops.add(enqueue());
      } else if (dice < 40) {
        ops.add(new Op.Dequeue(1 + random.nextInt(4), random.nextInt(2)));
      } else if (dice < 65) {
        ops.add(settle());
      } else if (dice < 75) {
        ops.add(passive());
      } else if (dice < 93) {
        ops.add(administered ? administration() : settle());
      } else {
        ops.add(registered ? register() : passive());
      }
    }
    return ops;
  }

  private Op enqueue() {
    if (chance(10)) {
      return new Op.Enqueue(List.of(specs.isEmpty() ? spec() : any(specs)));
    }
    List<Spec> some = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      some.add(spec());
    }
    return new Op.Enqueue(some);
  }

  private Op settle() {
    Ack.Kind kind = any(List.of(Ack.Kind.values()));
    boolean ends =
        kind == Ack.Kind.COMPLETED || kind == Ack.Kind.DEAD || kind == Ack.Kind.CANCELLED;
    int age = chance(20) ? 1 : 0;
    int delay = chance(50) ? 0 : 1 + random.nextInt(20);
    return new Op.Settle(kind, job(), age, delay, ends && chance(25) ? spec() : null);
  }

  private Op passive() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> new Op.Extend(job(), random.nextInt(2), chance(70), random.nextInt(60));
      case 2 -> new Op.Maintain();
      case 3 -> new Op.Repeat();
      default -> new Op.Pass(1 + random.nextInt(chance(30) ? 40 : 10));
    };
  }

  private Op administration() {
    return switch (random.nextInt(9)) {
      case 0, 1 -> new Op.Cancel(job());
      case 2 -> new Op.Delete(job());
      case 3 -> new Op.Reschedule(job(), 1 + random.nextInt(20));
      case 4 -> new Op.Reprioritise(job(), random.nextInt(-2, 3));
      case 5, 6 -> new Op.Replay(job());
      case 7 -> new Op.Pause(random.nextInt(2), chance(60));
      default -> new Op.Purge(random.nextInt(2));
    };
  }

  private Op register() {
    Op.Guess guess = chance(60) ? Op.Guess.LAST : any(List.of(Op.Guess.values()));
    return chance(20)
        ? new Op.Forget(random.nextInt(2), guess)
        : new Op.Write(random.nextInt(2), guess, chance(50) ? spec() : null);
  }

  private Spec spec() {
    int number = specs.size() + 1;
    List<Integer> dependencies = new ArrayList<>();
    for (int i = chance(25) ? 2 : 0; i > 0 && !lonely.isEmpty(); i--) {
      dependencies.add(lonely.remove(random.nextInt(lonely.size())));
    }
    boolean free = dependencies.isEmpty();
    boolean lifo = free && chance(10);
    int delay = !lifo && chance(25) ? 1 + random.nextInt(20) : 0;
    Spec.Key key = free && !lifo && chance(35) ? key(delay) : null;
    Spec.Line line =
        new Spec.Line(random.nextInt(2), random.nextInt(3), random.nextInt(3) - 1, lifo);
    Spec.Life life = life(key);
    if (life == Spec.Life.KEPT) {
      lonely.add(number);
    }
    Spec spec =
        new Spec(
            number,
            line,
            delay,
            key,
            dependencies,
            any(List.of(OnFailure.values())),
            any(List.of(OnMissing.values())),
            random.nextInt(4),
            life);
    specs.add(spec);
    return spec;
  }

  private Spec.Key key(int delay) {
    KeyPolicy policy =
        switch (random.nextInt(4)) {
          case 0 -> KeyPolicy.whileWaiting();
          case 1 -> KeyPolicy.forWindow(WINDOW);
          case 2 -> KeyPolicy.untilPurged();
          default -> KeyPolicy.whileUnfinished();
        };
    // A replacement that is due at once may or may not lose its place.
    boolean replaces = delay > 0 && chance(50);
    return new Spec.Key(random.nextInt(2), replaces ? policy.replacing() : policy);
  }

  private Spec.Life life(Spec.@Nullable Key key) {
    if (key != null && key.policy().until() == KeyPolicy.Until.PURGED) {
      return Spec.Life.KEPT;
    }
    int dice = random.nextInt(10);
    if (dice < 5) {
      return Spec.Life.KEPT;
    }
    return dice < 7
        ? Spec.Life.VANISHES
        : dice < 9 || key != null ? Spec.Life.SHORT : Spec.Life.DEADLINE;
  }

  /** Often one of the last. */
  private int job() {
    int count = specs.size();
    return chance(60) ? count - random.nextInt(Math.min(count, 5)) : 1 + random.nextInt(count);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
