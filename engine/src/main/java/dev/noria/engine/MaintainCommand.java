package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.storage.Maintained;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Does the housekeeping (S5), and verifies the page after a cursor. */
final class MaintainCommand extends Command<Maintained> {
  private final int limit;
  private final @Nullable JobId cursor;

  MaintainCommand(int limit, @Nullable JobId cursor, long now) {
    super(now);
    this.limit = limit;
    this.cursor = cursor;
  }

  @Override
  Kind kind() {
    return Kind.MAINTAIN;
  }

  @Override
  void write(Out out) {
    out.number(limit);
    out.optional(cursor, out::id);
  }

  static MaintainCommand read(In in, long now) {
    int limit = in.integer();
    return new MaintainCommand(limit, in.optional(in::id), now);
  }

  @Override
  Maintained run(Engine engine) {
    return engine.maintain(limit, cursor, now);
  }

  @Override
  Optional<Maintained> answer(Engine engine) {
    boolean idle = new Maintaining(engine.world, now).isIdle();
    return idle && new Verifying(engine.world).verify(cursor, limit, now, false) == 0
        ? Optional.of(Maintained.NOTHING)
        : Optional.empty();
  }
}
