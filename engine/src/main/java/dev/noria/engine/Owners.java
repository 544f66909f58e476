package dev.noria.engine;

import java.time.Instant;

/** Which process took which leases, as far as a storage knows. */
final class Owners {
  private Owners() {}

  /** All leases of a process that is known to be dead expire. */
  static final class Gone extends Command<Integer> {
    private final long instance;

    Gone(long instance, Instant now) {
      super(now);
      this.instance = instance;
    }

    @Override
    Kind kind() {
      return Kind.GONE;
    }

    @Override
    void write(Out out) {
      out.fixed(instance);
    }

    @Override
    Integer run(Engine engine) {
      return 0;
    }
  }
}
