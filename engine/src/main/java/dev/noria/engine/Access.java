package dev.noria.engine;

import dev.noria.job.Limits;
import dev.noria.storage.StorageException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How calls reach the state.
 *
 * @param replica the state
 * @param journal brings commands to it
 * @param contents reads what it only has a place of
 * @param limits what fits
 */
record Access(Replica replica, Journal journal, Contents contents, Limits limits) {

  <T> T commit(Command<T> command) {
    return journal.commit(command);
  }

  /** Looks at everything that was committed before. */
  <T extends @Nullable Object> T read(Function<World, T> look) {
    journal.catchUp();
    return replica.read(look);
  }

  /** Refuses bytes that are too many. */
  void checkSize(String what, int size) {
    if (size > limits.payloadBytes()) {
      throw new StorageException(
          StorageException.Kind.LIMIT,
          what + " has " + size + " bytes. At most " + limits.payloadBytes() + " fit.");
    }
  }
}
